import { Code, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import type { ExecuteRequest, Execution, Operation } from '../../protocol/index.ts';
import { ActionFault } from '../execution/action-fault.ts';
import type { Executions } from '../execution/executions.ts';
import type { Asked } from '../execution/work.ts';
import { requestMetadataOf } from './request-metadata.ts';
import { requestedDigest, requestedFunction } from '../request-digests.ts';

/** The name of whoever makes a call. */
export type ClientNameOf = (context: HandlerContext) => string;

export function executionService(
  executions: Executions,
  clientNameOf: ClientNameOf,
): ServiceImpl<typeof Execution> {
  return {
    async *execute(request, context) {
      yield* answered(() => {
        const asked = askedOf(request, context, clientNameOf(context));
        return executions.execute(asked).watch(asked.client, context.signal);
      });
    },
    async *waitExecution({ name }, context) {
      yield* answered(() => {
        const operation = executions.find(name);
        if (operation === undefined) throw unknownOperation(name);
        return operation.watch(clientNameOf(context), context.signal);
      });
    },
  };
}

function askedOf(request: ExecuteRequest, context: HandlerContext, client: string): Asked {
  return {
    action: requestedDigest(requestedFunction(request.digestFunction), request.actionDigest),
    client,
    priority: request.executionPolicy?.priority ?? 0,
    skipCacheLookup: request.skipCacheLookup,
    requestedAs: requestMetadataOf(context.requestHeader)?.targetId,
    inline: {
      stdout: request.inlineStdout,
      stderr: request.inlineStderr,
      files: new Set(request.inlineOutputFiles),
    },
  };
}

export function unknownOperation(name: string): ActionFault {
  return new ActionFault(
    Code.NotFound,
    `there is no operation '${name.slice(0, 100)}' any more: ask for the action again`,
  );
}

/** The operation as it goes on; what it is refused for becomes the status of the call. */
async function* answered(watch: () => AsyncIterable<Operation>): AsyncGenerator<Operation, void> {
  try {
    yield* watch();
  } catch (error) {
    throw error instanceof ActionFault ? error.toConnectError() : error;
  }
}
