import { Code, type ServiceImpl } from '@connectrpc/connect';
import type { ActionCache, ActionResult, ContentDigest } from '../../protocol/index.ts';
import { ActionFault } from '../execution/action-fault.ts';
import type { KnownResults } from '../execution/known-results.ts';
import { requestedDigest, requestedFunction } from '../request-digests.ts';

export function actionCacheService(results: KnownResults): ServiceImpl<typeof ActionCache> {
  return {
    getActionResult: (request) =>
      answered(async () => {
        const action = requestedDigest(requestedFunction(request.digestFunction), request.actionDigest);
        const inline = {
          stdout: request.inlineStdout,
          stderr: request.inlineStderr,
          files: new Set(request.inlineOutputFiles),
        };
        return (await results.find(action, inline)) ?? notKnown(action);
      }),
    updateActionResult: (request) =>
      answered(async () => {
        const action = requestedDigest(requestedFunction(request.digestFunction), request.actionDigest);
        return await results.record(action, request.actionResult);
      }),
  };
}

function notKnown({ hash }: ContentDigest): never {
  throw new ActionFault(Code.NotFound, `nothing is known of the action ${hash}`);
}

async function answered(answer: () => Promise<ActionResult>): Promise<ActionResult> {
  try {
    return await answer();
  } catch (error) {
    throw error instanceof ActionFault ? error.toConnectError() : error;
  }
}
