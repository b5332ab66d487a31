export { type CallerOptions } from './call-headers.ts';
export { type CallLimits, Channel, type ChannelOptions, type ClientTls } from './channel.ts';
export { type Content, ContentCalls, type PiecesFrom, type UploadState } from './content.ts';
export { type Connection } from './connection.ts';
export { openConnection, openRemoteRealizer } from './open.ts';
export { RemoteRealizer } from './remote.ts';
export { fetchOutputs } from './transfers.ts';
