export { expectTraffic } from './heap-growth.ts';
export * from './batch-messages.ts';
export * from './byte-stream-messages.ts';
export type { EncodedFrame } from './frame-writer.ts';
export * from './message-reader.ts';
export * from './resource-names.ts';
export * from './status.ts';
export * from './wire.ts';
