import { setImmediate as turn } from 'node:timers/promises';

/** Asks in one call what is asked within one turn of the event loop. */
export class TurnBatch<Question, Answer> {
  readonly #ask: (questions: readonly Question[]) => Promise<readonly Answer[]>;
  readonly #limit: number;
  #waiting: Question[] = [];
  #answers: Promise<readonly Answer[]> | undefined;

  /** `ask` answers each question at its place; it is given at most `limit` of them at once. */
  constructor(limit: number, ask: (questions: readonly Question[]) => Promise<readonly Answer[]>) {
    this.#limit = limit;
    this.#ask = ask;
  }

  async answerTo(question: Question): Promise<Answer> {
    const place = this.#waiting.push(question) - 1;
    const answers = (this.#answers ??= this.#askInOneTurn());
    if (this.#waiting.length === this.#limit) this.#beginAnew();
    return (await answers)[place] as Answer;
  }

  async #askInOneTurn(): Promise<readonly Answer[]> {
    const questions = this.#waiting;
    await turn();
    if (this.#waiting === questions) this.#beginAnew();
    return await this.#ask(questions);
  }

  #beginAnew(): void {
    this.#waiting = [];
    this.#answers = undefined;
  }
}
