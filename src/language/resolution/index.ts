export * from './lookup.ts';
export * from './nodes.ts';
export * from './resolve.ts';
export * from './scope.ts';
export * from './shape.ts';
