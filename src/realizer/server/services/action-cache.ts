import { Code } from '@connectrpc/connect';
import { ActionCache, type GetActionResultRequest } from '../../protocol/index.ts';
import { ActionFault } from '../execution/action-fault.ts';
import type { AnsweredResults } from '../execution/answered-results.ts';
import type { KnownResults } from '../execution/known-results.ts';
import { requestedDigest, requestedFunction } from '../content/request-digests.ts';
import { type FramedMethod, frameOf, requestIn, unary, unaryInBytes } from './framed-methods.ts';

const { getActionResult, updateActionResult } = ActionCache.method;

export function actionCacheMethods(
  results: KnownResults,
  answered: AnsweredResults,
): readonly FramedMethod[] {
  return [
    unaryInBytes(
      getActionResult,
      async (message) => (await answered.find(message)) ?? (await lookUp(message, results, answered)),
    ),
    unary(updateActionResult, (request) => {
      const action = requestedDigest(requestedFunction(request.digestFunction), request.actionDigest);
      return results.record(action, request.actionResult);
    }),
  ];
}

async function lookUp(
  message: Uint8Array,
  results: KnownResults,
  answered: AnsweredResults,
): Promise<Uint8Array> {
  const remember = answered.begin();
  const request = requestIn(getActionResult.input, message);
  const action = requestedDigest(requestedFunction(request.digestFunction), request.actionDigest);
  const known = await results.find(action, inliningIn(request));
  if (known === undefined)
    throw new ActionFault(Code.NotFound, `nothing is known of the action ${action.hash}`);
  const frame = frameOf(getActionResult.output, known.result);
  const { named } = known;
  if (named !== undefined) remember(action, { request: message, frame, named });
  return frame;
}

function inliningIn({ inlineStdout, inlineStderr, inlineOutputFiles }: GetActionResultRequest) {
  return { stdout: inlineStdout, stderr: inlineStderr, files: new Set(inlineOutputFiles) };
}
