import { Code, ConnectError } from '@connectrpc/connect';
import { digestOf } from '../../../foundation/index.ts';
import {
  ContentAddressableStorage,
  type ExecuteRequest,
  type ExecuteWithRequest,
  Execution,
  Realizer,
} from '../../protocol/index.ts';
import type { ClientIdentity } from '../access/authentication.ts';
import type { ContentStore } from '../content/content-store.ts';
import { ActionFault } from '../execution/action-fault.ts';
import type { Executions } from '../execution/executions.ts';
import type { Asked } from '../execution/work.ts';
import { requestedDigest, requestedFunction } from '../content/request-digests.ts';
import { refusalOf } from '../access/rights.ts';
import type { RawCall } from '../transport/raw-call.ts';
import { type FramedMethod, streaming } from './framed-methods.ts';
import { requestMetadataOf } from './request-metadata.ts';

/** What a client must be allowed to call who sends content together with its action. */
const uploadPath = `/${ContentAddressableStorage.typeName}/BatchUpdateBlobs`;

/** `contentOf` is the content of the store as a client may have it. */
export function executionMethods(
  executions: Executions,
  contentOf: (client: ClientIdentity) => ContentStore,
): readonly FramedMethod[] {
  return [
    streaming(Realizer.method.executeWith, async function* (request, call) {
      const asked = askedOf(await putContents(request, call, contentOf), call);
      yield* executions.execute(asked).watch(call.client.name, call.signal);
    }),
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

/** Puts what comes with an action, and answers what is asked of that. */
async function putContents(
  { request, contents }: ExecuteWithRequest,
  { client }: RawCall,
  contentOf: (client: ClientIdentity) => ContentStore,
): Promise<ExecuteRequest> {
  if (request === undefined) throw new ConnectError('no execution is asked for', Code.InvalidArgument);
  if (contents.length === 0) return request;
  const refusal = refusalOf(client, uploadPath);
  if (refusal !== undefined) throw new ConnectError(refusal, Code.PermissionDenied);
  const store = contentOf(client);
  for (const content of contents)
    await store.put({ function: 'blake3', hash: digestOf(content), size: content.length }, content);
  return request;
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
