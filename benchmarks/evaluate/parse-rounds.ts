/** Parses texts in a process of its own, again and again, and prints what each round took of each, in milliseconds. */
import { decodeSyntax, encodeSyntax, isSound, parse, tokensOf } from '../../src/language/syntax/index.ts';
import { realisticSource } from '../../tests/support/realistic-source.ts';
import { generateSource } from './generated-source.ts';

export interface Round {
  /** The flat tree and the typed view of it: by the clock, and the processor time of the thread, which other programs touch less. */
  readonly wallMs: number;
  readonly parseMs: number;
  /** The tree as objects, every node and token of it. */
  readonly treeMs: number;
  readonly encodeMs: number;
  readonly decodeMs: number;
}

const [seed, length, rounds] = process.argv.slice(2).map(Number) as [number, number, number];
const texts = {
  packages: generateSource(seed, length).cab,
  'dense code': realisticSource(length, seed),
};

function run(text: string): Round {
  const start = performance.now();
  const used = processorMs();
  const parsed = parse({ name: 'source', text });
  const parseMs = processorMs() - used;
  const wallMs = performance.now() - start;
  if (!isSound(parsed)) throw new Error(parsed.diagnostics[0]?.message);
  const { tree, expression } = parsed;
  const treeMs = time(() => [...tokensOf(tree)].length);
  let bytes: Uint8Array = new Uint8Array(0);
  const encodeMs = time(() => (bytes = encodeSyntax(expression, text.length)));
  return { wallMs, parseMs, treeMs, encodeMs, decodeMs: time(() => decodeSyntax(bytes, text.length)) };
}

function time(action: () => unknown): number {
  const used = processorMs();
  action();
  return processorMs() - used;
}

function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

const results = Object.entries(texts).map(([name, text]) => ({
  name,
  bytes: Buffer.byteLength(text),
  // What comes from a file lies in memory as one piece, which a text that was put together does not.
  rounds: Array.from({ length: rounds }, () => run(Buffer.from(text).toString())),
}));
console.log(JSON.stringify(results));
