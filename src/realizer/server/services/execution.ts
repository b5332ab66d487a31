import { Code } from '@connectrpc/connect';
import { type ExecuteRequest, Execution } from '../../protocol/index.ts';
import { ActionFault } from '../execution/action-fault.ts';
import type { Executions } from '../execution/executions.ts';
import type { Asked } from '../execution/work.ts';
import { requestedDigest, requestedFunction } from '../request-digests.ts';
import type { RawCall } from '../transport/raw-call.ts';
import { type FramedMethod, streaming } from './framed-methods.ts';
import { requestMetadataOf } from './request-metadata.ts';

export function executionMethods(executions: Executions): readonly FramedMethod[] {
  return [
    streaming(Execution.method.execute, (request, call) =>
      executions.execute(askedOf(request, call)).watch(call.client.name, call.signal),
    ),
    streaming(Execution.method.waitExecution, ({ name }, call) => {
      const operation = executions.find(name);
      if (operation === undefined) throw unknownOperation(name);
      return operation.watch(call.client.name, call.signal);
    }),
  ];
}

function askedOf(request: ExecuteRequest, call: RawCall): Asked {
  return {
    action: requestedDigest(requestedFunction(request.digestFunction), request.actionDigest),
    client: call.client.name,
    priority: request.executionPolicy?.priority ?? 0,
    skipCacheLookup: request.skipCacheLookup,
    requestedAs: requestMetadataOf(call)?.targetId,
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
