export type { Fault, FaultKind, FaultRule } from './faults.ts';
export { GitServer, type GitServerOptions, type LoggedRequest, startGitServer } from './git-server.ts';
export type { ServedRequest } from './request.ts';
