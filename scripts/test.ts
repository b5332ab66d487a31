/**
 * Runs the tests: all of them, or the files and folders named. Ends with a line that counts them; of many files, the slowest are
 * named.
 * `--update-goldens` writes golden files anew instead of comparing with them. `--fuzz=N` runs the tests that search for what
 * breaks N times as long, and no others. `--crash=N` lets the tests of crashes inject N times as many faults.
 */
import { globSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { countTests, reasonToSkip } from './test-needs.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const words = process.argv.slice(2);
const updateGoldens = words.includes('--update-goldens');
const fuzz = words.find((word) => word.startsWith('--fuzz='))?.slice('--fuzz='.length);
const crash = words.find((word) => word.startsWith('--crash='))?.slice('--crash='.length);
const named = words.filter((word) => !word.startsWith('--'));

// Whatever the caller trusts or configures is not what is tested, and it slows each start.
delete process.env.NODE_EXTRA_CA_CERTS;
if (updateGoldens) process.env.UPDATE_GOLDENS = '1';

// Each file is a process of its own, and most import most of the sources: what Node makes of these is kept for the others.
process.env.NODE_COMPILE_CACHE ??= path.join(root, 'node_modules', '.cache', 'tests');

if (fuzz !== undefined) process.env.CAB_FUZZ = fuzz;
if (crash !== undefined) process.env.CAB_CRASH = crash;

/** What is known of a test that passed or failed. */
interface TestEvent {
  readonly file?: string | undefined;
  readonly nesting: number;
  readonly details: { readonly duration_ms: number };
}

process.chdir(root);
const counts = { passed: 0, failed: 0, skipped: 0 };
const files = (named.length === 0 ? ['tests'] : named).flatMap(filesOf).filter((file) => {
  const reason = reasonToSkip(file);
  if (reason === undefined) return true;
  process.stdout.write(`skipped ${file}: ${reason}\n`);
  counts.skipped += countTests(file);
  return false;
});
const startedMs = performance.now();
/** How long the tests of each file took together. */
const tookMs = new Map<string, number>();
function addTime({ file = '', nesting, details }: TestEvent): void {
  if (nesting === 0) tookMs.set(file, (tookMs.get(file) ?? 0) + details.duration_ms);
}
const stream = run({ files, concurrency: Math.max(2, availableParallelism()) });
stream.on('test:pass', (test) => {
  addTime(test);
  if (test.details.type === 'suite') return;
  if (test.skip !== undefined) counts.skipped++;
  else counts.passed++;
});
stream.on('test:fail', (test) => {
  addTime(test);
  if (test.details.type !== 'suite') counts.failed++;
});
/** What tests have injected, by kind, as they say in lines such as `faults injected: 12 kills, 3 bit flips`. */
const faults = new Map<string, number>();
stream.on('test:diagnostic', ({ message }) => {
  const [, list] = /^faults injected: (.+)$/.exec(message) ?? [];
  for (const [, number, kind] of (list ?? '').matchAll(/([0-9]+) ([^,]+)/g)) {
    faults.set(kind as string, (faults.get(kind as string) ?? 0) + Number(number));
  }
});
for await (const piece of stream.compose(spec())) process.stdout.write(piece as string);

const { passed, failed, skipped } = counts;
if (files.length > 20) {
  const slowest = [...tookMs].toSorted(([, left], [, right]) => right - left).slice(0, 10);
  const lines = slowest.map(([file, ms]) => `${Math.round(ms / 1000)} s  ${path.relative(root, file)}`);
  process.stdout.write(`\nthe slowest files:\n${lines.join('\n')}\n`);
}
process.stdout.write(`\n${files.length} files in ${Math.round((performance.now() - startedMs) / 1000)} s\n`);
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
if (faults.size > 0) {
  const list = [...faults].map(([kind, number]) => `${number} ${kind}`).join(', ');
  process.stdout.write(`faults injected: ${list}\n`);
}
if (failed > 0 || passed === 0) process.exitCode = 1;

function filesOf(word: string): readonly string[] {
  if (!statSync(word).isDirectory()) return [word];
  return globSync(path.join(word, fuzz === undefined ? '**/*.test.ts' : '**/*fuzz*.test.ts')).toSorted();
}
