export * from './failure.ts';
export * from './island.ts';
export * from './lock/lock-file.ts';
export * from './parse.ts';
export * from './reading/index.ts';
export * from './to-derivation.ts';
export { islandTypes } from './types/index.ts';
