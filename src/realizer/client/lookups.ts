import type { ResolvedDerivation } from '../../derivations/index.ts';
import { type StorePath, parseStorePath } from '../../foundation/index.ts';
import type { LookedUp, RealizeRequest } from '../index.ts';
import { type LookUpResult, commandOf, outputRecordOf, pinsOf } from '../protocol/index.ts';
import type { Connection } from './connection.ts';
import { realizerFailed } from './faults.ts';
import { type KnownOutputs, outputsIn } from './known-outputs.ts';
import { TurnBatch } from './turn-batch.ts';

/** How many derivations one question is about at most. */
const queriesAtOnce = 200;

type Query = Pick<RealizeRequest, 'derivation' | 'pins'>;

/** Asks a realizer what derivations came out as. What is asked in one turn goes in one call. */
export class Lookups {
  readonly #connection: Connection;
  readonly #known: Pick<KnownOutputs, 'learn'>;
  readonly #questions = new TurnBatch<Query, LookedUp | undefined>(queriesAtOnce, (queries) =>
    this.#ask(queries),
  );

  constructor(connection: Connection, known: Pick<KnownOutputs, 'learn'>) {
    this.#connection = connection;
    this.#known = known;
  }

  get(query: Query): Promise<LookedUp | undefined> {
    return this.#questions.answerTo(query);
  }

  async #ask(queries: readonly Query[]): Promise<readonly (LookedUp | undefined)[]> {
    const messages = queries.map(({ derivation, pins }) => ({
      command: commandOf({ derivation, pins }),
      inputs: [...derivation.inputs.trees],
    }));
    const { results } = await this.#connection.call(({ realizer }, options) =>
      realizer.lookUp({ queries: messages }, options),
    );
    if (results.length !== queries.length) throw this.#nonsense();
    return results.map((result, index) => {
      if (!result.known) return undefined;
      const found = lookedUp(result, (queries[index] as Query).derivation);
      if (found === undefined) throw this.#nonsense();
      this.#known.learn(outputsIn(result.records, this.#connection));
      return found;
    });
  }

  #nonsense(): Error {
    return realizerFailed(
      this.#connection.named,
      'it was asked what derivations came out as, and answered something else',
    );
  }
}

/** What an answer says, or undefined where it cannot be one. */
function lookedUp(result: LookUpResult, derivation: ResolvedDerivation): LookedUp | undefined {
  const paths = new Map(result.outputs.map(({ name, path }) => [name, parseStorePath(path)]));
  const outputs: Record<string, StorePath> = {};
  for (const output of derivation.outputs) {
    const path = paths.get(output);
    if (path === undefined) return undefined;
    outputs[output] = path;
  }
  const pins = pinsOf(result.pins);
  const records = result.records.map(outputRecordOf);
  if (pins === undefined || !records.every((record) => record !== undefined)) return undefined;
  const { identity } = result;
  return { outputs, pins, records, ...(identity !== undefined && { identity }) };
}
