export * from './claims.ts';
export * from './configuration.ts';
export * from './embedded.ts';
export * from './executors/index.ts';
export * from './healing.ts';
export * from './realizer.ts';
export * from './remaking.ts';
export * from './scheduler/index.ts';
