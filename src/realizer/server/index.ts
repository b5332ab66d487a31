export * from './configuration/index.ts';
export {
  Authenticator,
  type ClientIdentity,
  type KnownClient,
  type Right,
  allRights,
} from './access/authentication.ts';
export type { NamedStreams } from './bulk/read.ts';
export { clientOf } from './access/client-context.ts';
export { type ContentServices, contentServices } from './content/content-services.ts';
export type { ContentStore, ContentWriter } from './content/content-store.ts';
export type { LogRecord, ServerLog } from './log.ts';
export { type Quota, Quotas } from './quotas/index.ts';
export { requestedDigest, requestedFunction } from './content/request-digests.ts';
export { type ServeOptions, serve } from './server.ts';
export { capabilities } from './services/capabilities.ts';
export { type ContentLimits, defaultContentLimits } from './services/limits.ts';
export { Tickets } from './access/tickets.ts';
export { issueTicket } from './services/realizer/issue-ticket.ts';
export { type ListenAddress, formatListenAddress, parseListenAddress } from './transport/addresses.ts';
export type { Routes } from './transport/connect-calls.ts';
export type { CallEnd } from './transport/dispatch.ts';
export { type TransportLimits, defaultLimits } from './transport/limits.ts';
export type { ListenResult, Listening, ServerTls } from './transport/listening.ts';
export type { RawCall, RawHandler } from './transport/raw-call.ts';
export { type LogFormat, logTo } from './operations/log.ts';
export type { Observe, ServerEvent } from './operations/server-event.ts';
export { RealizerServer, type RealizerServerOptions } from './realizer-server.ts';
export { type NewToken, newToken } from './access/token.ts';
