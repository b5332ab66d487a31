export * from './encoding/index.ts';
export * from './expression.ts';
export * from './names.ts';
export * from './parse.ts';
export * from './token.ts';
export * from './tree.ts';
