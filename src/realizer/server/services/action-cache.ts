import { Code } from '@connectrpc/connect';
import { ActionCache } from '../../protocol/index.ts';
import { ActionFault } from '../execution/action-fault.ts';
import type { KnownResults } from '../execution/known-results.ts';
import { requestedDigest, requestedFunction } from '../request-digests.ts';
import { type FramedMethod, unary } from './framed-methods.ts';

export function actionCacheMethods(results: KnownResults): readonly FramedMethod[] {
  return [
    unary(ActionCache.method.getActionResult, async (request) => {
      const action = requestedDigest(requestedFunction(request.digestFunction), request.actionDigest);
      const inline = {
        stdout: request.inlineStdout,
        stderr: request.inlineStderr,
        files: new Set(request.inlineOutputFiles),
      };
      const known = await results.find(action, inline);
      if (known !== undefined) return known;
      throw new ActionFault(Code.NotFound, `nothing is known of the action ${action.hash}`);
    }),
    unary(ActionCache.method.updateActionResult, (request) => {
      const action = requestedDigest(requestedFunction(request.digestFunction), request.actionDigest);
      return results.record(action, request.actionResult);
    }),
  ];
}
