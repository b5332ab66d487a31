/** How large `fetch.wasm` is: it has to be small enough to be looked at. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { printGoal } from '../measure.ts';

const goalBytes = 20 * 1024;

const program = readFileSync(new URL('../../dist/programs/fetch.wasm', import.meta.url));
console.log('\nfetch.wasm');
console.log(`  ${gzipSync(program, { level: 9 }).length} bytes gzipped`);
printGoal('bytes', program.length, goalBytes);
