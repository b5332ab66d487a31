export * from './base32.ts';
export * from './canonical-json.ts';
export * from './digest.ts';
export * from './event.ts';
export * from './once.ts';
export * from './pool.ts';
export * from './store-path.ts';
export * from './unreachable.ts';
