/** How large `fetch.wasm` is: it has to be small enough to be looked at. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const goalBytes = 32 * 1024;

const program = readFileSync(new URL('../dist/programs/fetch.wasm', import.meta.url));
const verdict = program.length < goalBytes ? 'reached' : 'not reached';
console.log('\nfetch.wasm');
console.log(`  ${program.length} bytes, ${gzipSync(program, { level: 9 }).length} gzipped`);
console.log(`  ratio ${(program.length / goalBytes).toFixed(2)} of the goal of ${goalBytes}: ${verdict}`);
