import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, type HandlerContext } from '@connectrpc/connect';
import { type StorePath, isTurnOver, nextTurn, parseStorePath } from '../../../../foundation/index.ts';
import type { EmbeddedRealizer } from '../../../index.ts';
import {
  type DerivationQuery,
  type LookUpRequest,
  type LookUpResponse,
  LookUpResponseSchema,
  type LookUpResult,
  LookUpResultSchema,
  type PinnedDerivation,
  derivationOf,
  formatPinList,
} from '../../../protocol/index.ts';

/** Answers what derivations came out as, as far as it is known; many at once, since a graph has many. */
export function lookUp(
  realizer: EmbeddedRealizer,
): (request: LookUpRequest, context: Pick<HandlerContext, 'signal'>) => Promise<LookUpResponse> {
  return async ({ queries }, { signal }) => {
    const asked = queries.map(decoded);
    const results: LookUpResult[] = [];
    for (const each of asked) {
      results.push(await resultOf(each, realizer));
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
): Promise<LookUpResult> {
  const found = await realizer.lookup({ derivation, pins, requestedAs: derivation.id });
  if (found === undefined) return create(LookUpResultSchema, { known: false });
  return create(LookUpResultSchema, {
    known: true,
    outputs: Object.entries(found.outputs).map(([name, path]) => ({ name, path })),
    pins: formatPinList(found.pins),
  });
}

function malformed(index: number, fault: string): ConnectError {
  return new ConnectError(
    `the query ${index + 1} is not that of a derivation: ${fault}`,
    Code.InvalidArgument,
  );
}
