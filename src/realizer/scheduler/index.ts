export * from './choose.ts';
export * from './scheduler.ts';
