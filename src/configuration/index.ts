export * from './amounts.ts';
export * from './credentials.ts';
export { ConfigurationFile, type Schema } from './file.ts';
export * from './mirrors.ts';
export * from './realizer.ts';
export * from './settings.ts';
