export * from './claim.ts';
export * from './decode.ts';
export * from './derivation.ts';
export * from './identity.ts';
export * from './placeholder.ts';
export * from './resolve.ts';
export * from './validate.ts';
