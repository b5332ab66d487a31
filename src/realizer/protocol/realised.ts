import { create } from '@bufbuild/protobuf';
import type { Pins } from '../../derivations/index.ts';
import { type StorePath, unreachable } from '../../foundation/index.ts';
import type { OutputRecord } from '../../store/index.ts';
import type { RealizeFailure, Realized, Repeated } from '../index.ts';
import { formatPinList, pinsOf } from './derivation-command.ts';
import { failureMessageOf, failureOfMessage } from './failure-message.ts';
import {
  type Output,
  type Realised,
  RealisedSchema,
  type RealisedOutput,
  Realised_How,
} from './generated/cab/realizer/v1/realizer_pb.js';
import { type ToldRoot, outputMessageWithRoot, outputRecordOf, toldRootOf } from './output-message.ts';

/** What a message needs of outputs that their paths do not tell. */
export interface OutputLook {
  /** Undefined where it is not there, as what is only known may not be. */
  recordOf(path: StorePath): OutputRecord | undefined;
  /** The encoding of an output's root directory. */
  rootOf(record: OutputRecord): Uint8Array;
}

/** What came of a derivation. */
export type DerivationResult = Realized | Repeated | RealizeFailure;

/** What came of a derivation, as a message. `identity` is what its program has seen of the machine besides its inputs. */
export function realisedMessageOf(result: DerivationResult, look: OutputLook, identity: string): Realised {
  switch (result.outcome) {
    case 'failed':
      return create(RealisedSchema, { how: Realised_How.FAILED, failure: failureMessageOf(result) });
    case 'repeated':
      return create(RealisedSchema, {
        how: Realised_How.REPEATED,
        outputs: outputsOf(result.outputs, look),
        identity,
      });
    case 'realized':
      return create(RealisedSchema, {
        how: result.how === 'built' ? Realised_How.BUILT : Realised_How.KNOWN,
        outputs: outputsOf(recordsOf(result, look), look),
        pins: formatPinList(result.pins),
        identity,
      });
    default:
      return unreachable(result);
  }
}

function recordsOf({ outputs }: Realized, look: OutputLook): Readonly<Record<string, OutputRecord>> {
  const records = Object.entries(outputs).map(([name, path]) => {
    const record = look.recordOf(path);
    if (record === undefined) throw new Error(`'${path}' was realized and is not there`);
    return [name, record] as const;
  });
  return Object.fromEntries(records);
}

function outputsOf(records: Readonly<Record<string, OutputRecord>>, look: OutputLook): RealisedOutput[] {
  const outputs = Object.entries(records).map(([name, record]) => {
    return { name, output: outputMessageWithRoot(record, look.rootOf(record)) };
  });
  return outputs as RealisedOutput[];
}

/** What came of a derivation elsewhere. */
export interface RealisedElsewhere {
  readonly result: DerivationResult;
  /** Its outputs, where it has any: they are there, and need not be here. */
  readonly records: Readonly<Record<string, OutputRecord>>;
  /** Each output's root directory, by output name. */
  readonly roots: Readonly<Record<string, ToldRoot>>;
  readonly identity: string;
}

/** What a message says that came of a derivation, or undefined where it is malformed. */
export function realisedOfMessage(message: Realised): RealisedElsewhere | undefined {
  const { how, identity } = message;
  if (how === Realised_How.FAILED) {
    const result = message.failure && failureOfMessage(message.failure);
    return result && { result, records: {}, roots: {}, identity };
  }
  const records: Record<string, OutputRecord> = {};
  const roots: Record<string, ToldRoot> = {};
  for (const { name, output } of message.outputs) {
    const record = output && outputRecordOf(output);
    if (record === undefined || Object.hasOwn(records, name)) return undefined;
    records[name] = record;
    roots[name] = toldRootOf(output as Output);
  }
  const result = resultOf(how, records, pinsOf(message.pins));
  return result && { result, records, roots, identity };
}

function resultOf(
  how: Realised_How,
  records: Readonly<Record<string, OutputRecord>>,
  pins: Pins | undefined,
): Realized | Repeated | undefined {
  if (how === Realised_How.REPEATED) return { outcome: 'repeated', outputs: records, contents: [] };
  if ((how !== Realised_How.BUILT && how !== Realised_How.KNOWN) || pins === undefined) return undefined;
  const outputs = Object.fromEntries(Object.entries(records).map(([name, { path }]) => [name, path]));
  return { outcome: 'realized', how: how === Realised_How.BUILT ? 'built' : 'known', outputs, pins };
}
