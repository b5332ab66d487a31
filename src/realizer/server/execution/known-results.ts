import { type ActionResult, type ContentDigest, isDerivation } from '../../protocol/index.ts';
import type { ContentStore } from '../content/content-store.ts';
import { ActionFault, invalid, missingContent } from './action-fault.ts';
import { type ReadAction, readAction } from './action-reader.ts';
import type { DerivationActions } from './derivation-actions.ts';
import type { ForeignActions, FoundResult } from './foreign-actions.ts';
import { inlineContent } from './inline-content.ts';
import { missingOf } from './result-completeness.ts';
import type { Inlining } from './work.ts';

/** What it names is not told of the result of a derivation, nor of an action that nobody has uploaded: it may be one. */
type KnownResult = Pick<FoundResult, 'result'> & Partial<FoundResult>;

/** What is known of actions without executing them. */
export class KnownResults {
  readonly #content: ContentStore;
  readonly #derivations: DerivationActions;
  readonly #foreign: ForeignActions;

  constructor(
    content: ContentStore,
    actions: { readonly derivations: DerivationActions; readonly foreign: ForeignActions },
  ) {
    this.#content = content;
    this.#derivations = actions.derivations;
    this.#foreign = actions.foreign;
  }

  /** What an action came to, if all that it left is there. */
  async find(action: ContentDigest, inline: Inlining): Promise<KnownResult | undefined> {
    const read = await this.#read(action);
    // Of a derivation nobody is believed, be it that it was told before the action itself was there to look at.
    if (read !== undefined && isDerivation(read.command)) return await this.#ofDerivation(read);
    const known = await this.#foreign.lookUp(action);
    if (known === undefined) return undefined;
    await inlineContent(known.result, inline, action.function, this.#content);
    return read === undefined ? { result: known.result } : known;
  }

  /** Takes a client's word for what an action comes to. @throws ActionFault where something is missing that it names. */
  async record(action: ContentDigest, result: ActionResult | undefined): Promise<ActionResult> {
    if (result === undefined) throw invalid('there is no result');
    if ((await this.#derivation(action)) !== undefined)
      throw invalid(
        'what a derivation comes to is known here by realizing it, and not by what a client says',
      );
    const missing = await this.#missingOf(result, action);
    if (missing.length > 0) throw missingContent(missing);
    await this.#foreign.record(action, result);
    return result;
  }

  async #missingOf(result: ActionResult, action: ContentDigest): Promise<readonly ContentDigest[]> {
    try {
      return await missingOf(result, action.function, this.#content);
    } catch (error) {
      throw invalid(
        `the result names a tree that is none: ${error instanceof Error ? error.message : 'malformed'}`,
      );
    }
  }

  async #ofDerivation(read: ReadAction): Promise<KnownResult | undefined> {
    if (read.action.doNotCache) return undefined;
    const result = await this.#derivations.lookUp(read).catch(nothingWhereLacking);
    return result && { result };
  }

  /** The action, if it was uploaded and is a derivation: then nobody else knows it. */
  async #derivation(action: ContentDigest): Promise<ReadAction | undefined> {
    const read = await this.#read(action);
    return read !== undefined && isDerivation(read.command) ? read : undefined;
  }

  #read(action: ContentDigest): Promise<ReadAction | undefined> {
    return readAction(this.#content, action).catch(nothingWhereLacking);
  }
}

function nothingWhereLacking(error: unknown): undefined {
  if (!(error instanceof ActionFault)) throw error;
}
