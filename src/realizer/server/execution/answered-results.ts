import { BoundedCache } from '../../../store/index.ts';
import { type ContentDigest, bytesOf, decodeDigest, fieldsOf } from '../../protocol/index.ts';
import type { ContentStore } from '../content/content-store.ts';

/** How long an answer is given again without a look at what the store knows, in milliseconds: another process may have changed that. */
const lifetimeMs = 2000;
/** Of all answers, in bytes. */
const rememberedSize = 16 << 20;
/** About what the digest of content takes. */
const digestSize = 200;
/** Where the digest of the action stands in a request. */
const actionField = 2;

interface Answer {
  readonly request: Uint8Array;
  readonly frame: Uint8Array;
  /** All that has to be there for the answer to be right. */
  readonly named: readonly ContentDigest[];
  readonly untilMs: number;
}

/**
 * Answers that were given a moment ago, in their frames. Many clients that build the same ask for the same results; what a result
 * names cannot change, and whether it is there is looked at each time.
 */
export class AnsweredResults {
  readonly #content: ContentStore;
  /** By the hash of their action. */
  readonly #answers = new BoundedCache<string, Answer>(rememberedSize);
  #changes = 0;

  constructor(content: ContentStore) {
    this.#content = content;
  }

  /** The answer to a request that was answered before, if it is right still. */
  async find(request: Uint8Array): Promise<Uint8Array | undefined> {
    const hash = actionIn(request);
    const answer = hash === undefined ? undefined : this.#answers.get(hash);
    if (answer === undefined || Buffer.compare(answer.request, request) !== 0) return undefined;
    if (performance.now() > answer.untilMs) return undefined;
    return (await this.#content.missing(answer.named)).length === 0 ? answer.frame : undefined;
  }

  /** Called before an answer is looked for, and told what to remember of it: nothing, where something was changed meanwhile. */
  begin(): (action: ContentDigest, answer: Omit<Answer, 'untilMs'>) => void {
    const [changes, untilMs] = [this.#changes, performance.now() + lifetimeMs];
    return (action, answer) => {
      if (changes !== this.#changes) return;
      const size = answer.request.length + answer.frame.length + answer.named.length * digestSize;
      this.#answers.set(action.hash, { ...answer, untilMs }, size);
    };
  }

  /** The action has come to something else. */
  forget({ hash }: ContentDigest): void {
    this.#changes += 1;
    this.#answers.delete(hash);
  }
}

/** The hash of the action; undefined in what is no request. */
function actionIn(request: Uint8Array): string | undefined {
  try {
    for (const [number, value] of fieldsOf(request))
      if (number === actionField) return decodeDigest(bytesOf(value)).hash;
  } catch {
    // Whoever decodes it next says what is wrong with it.
  }
  return undefined;
}
