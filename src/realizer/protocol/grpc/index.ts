export { expectTraffic } from './heap-growth.ts';
export * from './byte-stream-messages.ts';
export * from './message-reader.ts';
export * from './resource-names.ts';
export * from './status.ts';
export * from './wire.ts';
