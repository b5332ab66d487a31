import { type ClientIdentity, type Right, allRights } from './authentication.ts';

const execution = 'build.bazel.remote.execution.v2';

/**
 * What a client must be allowed to for each method: one of these, or to be known at all, or nothing. A method that is not here is
 * nobody's.
 */
const needed: Readonly<Record<string, readonly Right[] | 'known' | 'nothing'>> = {
  [`/${execution}.Capabilities/GetCapabilities`]: 'known',
  [`/${execution}.ContentAddressableStorage/FindMissingBlobs`]: ['read', 'write'],
  [`/${execution}.ContentAddressableStorage/BatchUpdateBlobs`]: ['write'],
  [`/${execution}.ContentAddressableStorage/BatchReadBlobs`]: ['read'],
  [`/${execution}.ContentAddressableStorage/GetTree`]: ['read'],
  [`/${execution}.ActionCache/GetActionResult`]: ['read'],
  [`/${execution}.ActionCache/UpdateActionResult`]: ['write'],
  [`/${execution}.Execution/Execute`]: ['execute'],
  [`/${execution}.Execution/WaitExecution`]: ['execute'],
  '/google.bytestream.ByteStream/Read': ['read'],
  '/google.bytestream.ByteStream/Write': ['write'],
  '/google.bytestream.ByteStream/QueryWriteStatus': ['write'],
  '/google.longrunning.Operations/ListOperations': ['execute'],
  '/google.longrunning.Operations/GetOperation': ['execute'],
  '/google.longrunning.Operations/CancelOperation': ['execute'],
  '/google.longrunning.Operations/DeleteOperation': ['execute'],
  '/google.longrunning.Operations/WaitOperation': ['execute'],
  '/cab.realizer.v1.Realizer/GetStatus': 'known',
  '/cab.realizer.v1.Realizer/LookUp': ['read'],
  '/cab.realizer.v1.Realizer/FindOutputs': ['read'],
  '/cab.realizer.v1.Realizer/AddOutputs': ['write'],
  '/cab.realizer.v1.Realizer/IssueTicket': ['read'],
  '/cab.realizer.v1.Realizer/PullOutputs': ['write'],
  '/cab.realizer.v1.Realizer/ExecuteWith': ['execute'],
  '/build.bazel.remote.asset.v1.Fetch/FetchBlob': ['execute'],
  '/build.bazel.remote.asset.v1.Fetch/FetchDirectory': ['execute'],
  '/build.bazel.remote.asset.v1.Push/PushBlob': ['push-assets'],
  '/build.bazel.remote.asset.v1.Push/PushDirectory': ['push-assets'],
  '/grpc.health.v1.Health/Check': 'nothing',
  '/grpc.health.v1.Health/Watch': 'nothing',
};

/** Whether a method may be called by whoever it is, without a word on who he is. */
export function isOpen(path: string): boolean {
  return needed[path] === 'nothing';
}

export function isKnownMethod(path: string): boolean {
  return Object.hasOwn(needed, path);
}

/** Why a client may not call a method, as a phrase; undefined where it may. */
export function refusalOf(client: ClientIdentity, path: string): string | undefined {
  const rights = needed[path];
  if (rights === 'known' || rights === 'nothing') return undefined;
  if (rights?.some((right) => client.may.has(right)) === true) return undefined;
  const lacking = (rights ?? []).map((right) => `'${right}'`).join(' or ');
  const has = allRights.filter((right) => client.may.has(right)).map((right) => `'${right}'`);
  const may = has.length === 0 ? 'nothing' : has.join(', ');
  return `the client '${client.name}' may ${may}, and this needs ${lacking}: whoever runs the realizer can allow it`;
}
