import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, type HandlerContext } from '@connectrpc/connect';
import { type StorePath, isTurnOver, nextTurn, parseStorePath } from '../../../../foundation/index.ts';
import type { Store } from '../../../../store/index.ts';
import type { EmbeddedRealizer } from '../../../index.ts';
import {
  type DerivationQuery,
  type LookUpRequest,
  type LookUpResponse,
  LookUpResponseSchema,
  type LookUpResult,
  LookUpResultSchema,
  type Output,
  type PinnedDerivation,
  derivationOf,
  formatPinList,
  outputMessageWithRoot,
} from '../../../protocol/index.ts';

/** Answers what derivations came out as, as far as it is known; many at once, since a graph has many. */
export function lookUp(
  realizer: EmbeddedRealizer,
  store: Store,
): (request: LookUpRequest, context: Pick<HandlerContext, 'signal'>) => Promise<LookUpResponse> {
  return async ({ queries }, { signal }) => {
    const asked = queries.map(decoded);
    const results: LookUpResult[] = [];
    for (const each of asked) {
      results.push(await resultOf(each, realizer, store));
      if (!isTurnOver()) continue;
      await nextTurn();
      signal.throwIfAborted();
    }
    return create(LookUpResponseSchema, { results });
  };
}

function decoded(query: DerivationQuery, index: number): PinnedDerivation {
  const inputs = query.inputs.map(parseStorePath);
  if (query.command === undefined || !inputs.every((path): path is StorePath => path !== undefined))
    throw malformed(index, 'it has no command, or an input that is not a store path');
  const derivation = derivationOf(query.command, inputs);
  if (!derivation.ok) throw malformed(index, derivation.fault);
  return derivation.value;
}

async function resultOf(
  { derivation, pins }: PinnedDerivation,
  realizer: EmbeddedRealizer,
  store: Store,
): Promise<LookUpResult> {
  const found = await realizer.lookup({ derivation, pins, requestedAs: derivation.id });
  if (found === undefined) return create(LookUpResultSchema, { known: false });
  return create(LookUpResultSchema, {
    known: true,
    outputs: Object.entries(found.outputs).map(([name, path]) => ({ name, path })),
    pins: formatPinList(found.pins),
    ...(found.identity !== undefined && { identity: found.identity }),
    records: Object.values(found.outputs).flatMap((path) => recordOf(path, store) ?? []),
  });
}

/** What an output is that is there. */
function recordOf(path: StorePath, store: Store): Output | undefined {
  const record = store.get(path);
  return record && outputMessageWithRoot(record, store.getTreeEncoding(record.tree));
}

function malformed(index: number, fault: string): ConnectError {
  return new ConnectError(
    `the query ${index + 1} is not that of a derivation: ${fault}`,
    Code.InvalidArgument,
  );
}
