import { type ChildProcess, fork } from 'node:child_process';
import type { Completions } from './completion.ts';
import { emptyMemory } from './memory.ts';
import { type Answer, type Request, evaluatorVariable } from './messages.ts';

/** How the work on a request ended. */
export type Outcome =
  | { readonly kind: 'done'; readonly isOver: boolean }
  /** By the user; what was bound before is still bound. */
  | { readonly kind: 'interrupted' }
  /** By something else that ended the process, such as a lack of memory. */
  | { readonly kind: 'lost'; readonly how: string };

/**
 * Evaluates in a process of its own, which writes to the terminal itself. Evaluation hears nothing while it is at work, and may
 * use all the memory that there is: so it can be ended at any time, and the next one comes to the same names.
 */
export class EvaluatorProcess {
  readonly #words: readonly string[];
  #child: ChildProcess | undefined;
  #memory = emptyMemory;
  #interruptions = 0;
  #isAtWork = false;

  /** `words` are those of the command line behind `cab`. */
  constructor(words: readonly string[]) {
    this.#words = words;
    process.on('exit', () => this.#child?.kill('SIGKILL'));
  }

  async open(): Promise<Outcome> {
    return this.#outcomeOf(await this.#ask({ type: 'open' }));
  }

  async run(text: string, number: number): Promise<Outcome> {
    return this.#outcomeOf(await this.#ask({ type: 'run', text, number }));
  }

  async complete(text: string): Promise<Completions | undefined> {
    if (this.#isAtWork) return undefined;
    const answer = await this.#ask({ type: 'complete', text });
    return 'lost' in answer ? undefined : answer.completions;
  }

  /** Ends what is being done: in an orderly way first, and at once when asked again. */
  interrupt(): void {
    if (!this.#isAtWork) return;
    this.#child?.kill(this.#interruptions++ === 0 ? 'SIGINT' : 'SIGKILL');
  }

  close(): void {
    this.#child?.disconnect();
  }

  #outcomeOf(answer: Answer | Lost): Outcome {
    if (this.#interruptions > 0 && ('lost' in answer || answer.interrupted)) return { kind: 'interrupted' };
    if ('lost' in answer) return { kind: 'lost', how: answer.lost };
    return { kind: 'done', isOver: answer.isOver ?? false };
  }

  async #ask(request: Request): Promise<Answer | Lost> {
    this.#interruptions = 0;
    this.#isAtWork = true;
    try {
      if (this.#child === undefined) {
        this.#child = this.#start();
        const recalled = await this.#exchange({ type: 'recall', memory: this.#memory });
        if ('lost' in recalled || recalled.interrupted) return recalled;
      }
      const answer = await this.#exchange(request);
      if (!('lost' in answer)) this.#memory = answer.memory ?? this.#memory;
      return answer;
    } finally {
      this.#isAtWork = false;
    }
  }

  async #exchange(request: Request): Promise<Answer | Lost> {
    const child = this.#child as ChildProcess;
    const answer = await new Promise<Answer | Lost>((resolve) => {
      const ended = (code: number | null, signal: string | null) => {
        resolve({ lost: signal ?? `exit code ${code}` });
      };
      child.once('exit', ended);
      child.once('message', (message) => {
        child.off('exit', ended);
        resolve(message as Answer);
      });
      child.send(request, () => {
        // That it could not be sent is told by the end of the process.
      });
    });
    if ('lost' in answer || answer.interrupted) this.#child = undefined;
    return answer;
  }

  #start(): ChildProcess {
    return fork(process.argv[1] as string, this.#words, {
      env: { ...process.env, [evaluatorVariable]: '1' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      serialization: 'advanced',
    });
  }
}

interface Lost {
  readonly lost: string;
}
