/**
 * Makes of the text literals in AssemblyScript sources pointers into one pool of bytes, each text ended by a zero byte. As
 * AssemblyScript has them, each is an object of two bytes a character with twenty before them. The type `string` becomes
 * `usize`; fetcher/text/bytes.ts reads such texts.
 *
 * Texts that people read repeat themselves: bytes from 128 on, and those below the space but for the line feed, stand for the
 * two bytes that a table before the pool has for them, either of which may be such a byte again.
 */
import {
  DecoratorNode,
  ExportStatement,
  ImportStatement,
  NamedTypeNode,
  Node,
  type Parser,
  type Source,
  StringLiteralExpression,
  TemplateLiteralExpression,
} from 'assemblyscript';
import type { Transform } from 'assemblyscript/asc';
import { layOutRooms } from './memory-layout.ts';

/** Where the compiler lays out data from: the table, then the pool. Nothing lies at address 0, which stands for no text. */
export const DATA_START = 8;
const LINE_FEED = 10;
/** The bytes that may stand for two, in the order of their places in the table. */
const pairCodes = Array.from({ length: 160 }, (_, place) => place ^ 128).filter(
  (code) => code !== 0 && code !== LINE_FEED,
);
/** So much room is there for a text that is read. */
const LONGEST_TEXT = 255;

/** Of the compiler's class `Transform` only what is called here. */
export const textPool = {
  afterParse(parser: Parser): void {
    const sources = parser.sources.filter((source) => !source.isLibrary);
    const texts = new Set<string>();
    for (const source of sources) rewrite(source, (literal) => void texts.add(checked(literal)));
    const { bytes, offsets } = layOut(texts);
    for (const source of sources) {
      rewrite(source, ({ value, range }) => {
        const address = DATA_START + (offsets.get(value) ?? 0);
        return Node.createIntegerLiteralExpression(i64_new(address), range);
      });
    }
    const pool = DATA_START + bytes.length;
    addData(parser, bytes, layOutRooms(sources, pool) - pool);
  },
} as Transform;

/** Replaces each text literal by what is answered for it, if anything is, and the type of texts by that of pointers. */
function rewrite(
  node: object,
  replacementOf: (literal: StringLiteralExpression) => Node | undefined | void,
): void {
  if (node instanceof TemplateLiteralExpression)
    throw new Error(`a text is no plain literal: ${placeOf(node)}`);
  // These literals are names for the compiler.
  if (node instanceof ImportStatement || node instanceof ExportStatement || node instanceof DecoratorNode)
    return;
  if (node instanceof NamedTypeNode && node.name.identifier.text === 'string') {
    node.name.identifier.text = 'usize';
  }
  for (const [key, child] of Object.entries(node)) {
    if (child instanceof StringLiteralExpression) Reflect.set(node, key, replacementOf(child) ?? child);
    else if (Array.isArray(child) || child instanceof Node) rewrite(child, replacementOf);
  }
}

function checked(literal: StringLiteralExpression): string {
  const { value } = literal;
  if (/^[\n\x20-\x7f]*$/.test(value) && value.length <= LONGEST_TEXT) return value;
  throw new Error(`a text is too long, or not in ASCII: ${placeOf(literal)}`);
}

function placeOf(node: Node): string {
  return `${node.range.source.normalizedPath}:${node.range.source.lineAt(node.range.start)}`;
}

/** The bytes of the table and of all texts, and where in them each text begins. */
function layOut(texts: ReadonlySet<string>): {
  readonly bytes: readonly number[];
  readonly offsets: ReadonlyMap<string, number>;
} {
  const { pairs, encoded } = pairUp([...texts]);
  let pool = '';
  const offsets = new Map<string, number>();
  for (const [text, codes] of encoded.toSorted(([, a], [, b]) => b.length - a.length)) {
    const ended = `${String.fromCharCode(...codes)}\0`;
    // A text that ends another needs no bytes of its own.
    const found = pool.indexOf(ended);
    offsets.set(text, pairs.length + (found < 0 ? pool.length : found));
    if (found < 0) pool += ended;
  }
  return { bytes: [...pairs, ...Buffer.from(pool, 'latin1')], offsets };
}

/** Gives a byte to the pair that comes most often, again and again; an entry of the table costs two. */
function pairUp(texts: readonly string[]): {
  readonly pairs: readonly number[];
  readonly encoded: readonly (readonly [string, readonly number[]])[];
} {
  let encoded = texts.map((text) => [...Buffer.from(text, 'latin1')]);
  const pairs: number[] = [];
  for (const code of pairCodes) {
    const [pair, count] = mostFrequentPair(encoded);
    if (count < 3) break;
    const place = 2 * (code ^ 128);
    while (pairs.length < place) pairs.push(0);
    pairs.push(pair >> 8, pair & 255);
    encoded = encoded.map((codes) => replacePair(codes, pair, code));
  }
  return { pairs, encoded: encoded.map((codes, index) => [texts[index] as string, codes]) };
}

/** Each pair as a number of sixteen bits. Of those that come as often as others the smallest is taken. */
function mostFrequentPair(encoded: readonly (readonly number[])[]): readonly [pair: number, count: number] {
  const counts = new Map<number, number>();
  for (const codes of encoded) {
    for (let i = 0; i + 1 < codes.length; i++) {
      const pair = pairAt(codes, i) as number;
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
      // Of three equal bytes only two can become one.
      if (pairAt(codes, i + 1) === pair) i++;
    }
  }
  return [...counts].reduce(
    (best, one) => (one[1] > best[1] || (one[1] === best[1] && one[0] < best[0]) ? one : best),
    [0, 0],
  );
}

function replacePair(codes: readonly number[], pair: number, byte: number): number[] {
  const replaced: number[] = [];
  for (let i = 0; i < codes.length; i++) {
    if (pairAt(codes, i) === pair) {
      replaced.push(byte);
      i++;
    } else {
      replaced.push(codes[i] as number);
    }
  }
  return replaced;
}

function pairAt(codes: readonly number[], index: number): number | undefined {
  const next = codes[index + 1];
  return next === undefined ? undefined : ((codes[index] as number) << 8) | next;
}

/** The pool, and the rooms after it, are a source of their own, the first of all, so that its data comes first. */
function addData(parser: Parser, pool: readonly number[], roomBytes: number): void {
  const bytes = pool.length === 0 ? '' : `memory.data<u8>([${pool.join()}]);`;
  parser.parseFile(`${bytes} memory.data(${roomBytes}, 1);`, 'text-pool.ts', true);
  parser.sources.unshift(parser.sources.pop() as Source);
}
