/**
 * Makes of the text literals in AssemblyScript sources what they are in C: pointers to ASCII bytes that end with a zero
 * byte, all in one pool. As AssemblyScript has them, each is an object of two bytes a character with twenty before them.
 * The type `string` becomes `usize`; fetcher/text has what can be done with such a text.
 */
import {
  DecoratorNode,
  ExportStatement,
  ImportStatement,
  NamedTypeNode,
  Node,
  type Parser,
  StringLiteralExpression,
  TemplateLiteralExpression,
} from 'assemblyscript';
import type { Transform } from 'assemblyscript/asc';

/** Where the compiler lays out data from; the pool is the first of it. Nothing lies at address 0, which stands for no text. */
export const DATA_START = 8;

/** Of the compiler's class `Transform` only what is called here. */
export const textPool = {
  afterParse(parser: Parser): void {
    const sources = parser.sources.filter((source) => !source.isLibrary);
    const texts = new Set<string>();
    for (const source of sources) rewrite(source, (literal) => void texts.add(checked(literal)));
    const { pool, offsets } = layOut(texts);
    for (const source of sources) {
      rewrite(source, ({ value, range }) => {
        const address = DATA_START + (offsets.get(value) ?? 0);
        return Node.createIntegerLiteralExpression(i64_new(address), range);
      });
    }
    if (pool.length > 0) addPool(parser, pool);
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
  if (/^[\x01-\x7f]*$/.test(literal.value)) return literal.value;
  throw new Error(`a text is not in ASCII: ${placeOf(literal)}`);
}

function placeOf(node: Node): string {
  return `${node.range.source.normalizedPath}:${node.range.source.lineAt(node.range.start)}`;
}

/** A text that ends another needs no bytes of its own. */
function layOut(texts: ReadonlySet<string>): { pool: string; offsets: ReadonlyMap<string, number> } {
  let pool = '';
  const offsets = new Map<string, number>();
  for (const text of [...texts].toSorted((a, b) => b.length - a.length)) {
    const found = pool.indexOf(`${text}\0`);
    offsets.set(text, found < 0 ? pool.length : found);
    if (found < 0) pool += `${text}\0`;
  }
  return { pool, offsets };
}

/** The pool is a source of its own, the first of all, so that its data comes first. */
function addPool(parser: Parser, pool: string): void {
  const bytes = [...Buffer.from(pool, 'latin1')].join();
  parser.parseFile(`memory.data<u8>([${bytes}]);`, 'text-pool.ts', true);
  parser.sources.unshift(parser.sources.pop()!);
}
