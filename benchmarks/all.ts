/** Runs every bar. Each can be run alone: `node benchmarks/fetch/repository.ts`. */
// Whatever authority the caller trusts besides, reading it would be half of each start.
delete process.env['NODE_EXTRA_CA_CERTS'];

await import('./fetch/size.ts');
await import('./fetch/archive.ts');
await import('./fetch/repository.ts');
await import('./fetch/many.ts');
await import('./fetch/unmoved.ts');
await import('./fetch/one-file.ts');
await import('./fetch/one-read.ts');
await import('./build/nothing-to-do.ts');
await import('./store/add.ts');
await import('./store/add-again.ts');
await import('./store/add-one-file.ts');
await import('./store/materialise.ts');
await import('./store/chain.ts');
await import('./store/independent.ts');
await import('./store/wasm.ts');
await import('./store/nothing-to-do.ts');
await import('./store/descriptions.ts');
await import('./store/collection.ts');
await import('./store/moving.ts');
await import('./evaluate/start-up.ts');
await import('./evaluate/programs.ts');
await import('./evaluate/deep.ts');
await import('./evaluate/effects.ts');
await import('./evaluate/parse.ts');
await import('./evaluate/language-server.ts');

// In short: alone, each of these takes minutes.
process.env['CAB_QUICK'] = '1';
await import('./realizer/bulk.ts');
await import('./realizer/actions.ts');
await import('./realizer/cache-hits.ts');
await import('./realizer/derivations.ts');
await import('./realizer/source.ts');
await import('./realizer/claims.ts');
