export * from './catalogue.ts';
export * from './diagnostic.ts';
export * from './explain.ts';
export * from './from-json.ts';
export * from './render.ts';
export * from './source.ts';
export * from './suggest.ts';
