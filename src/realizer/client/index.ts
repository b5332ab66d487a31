export { type CallerOptions } from './call-headers.ts';
export { type CallLimits, Channel, type ChannelOptions, type ClientTls } from './channel.ts';
export { type Content, ContentCalls, type PiecesFrom, type UploadState } from './content.ts';
