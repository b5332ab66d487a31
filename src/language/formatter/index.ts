export * from './format.ts';
export * from './style.ts';
