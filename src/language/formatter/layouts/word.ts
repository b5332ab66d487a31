import type { NodeKind, SyntaxNode } from '../../syntax/index.ts';
import { plainText } from '../document.ts';
import { atom, type Laid } from '../laid.ts';

/** Kinds of nodes that are one word of the text, if nothing in them needs a closer look. */
const words: ReadonlySet<NodeKind> = new Set<NodeKind>([
  'name',
  'integer',
  'float',
  'parameter',
  'string',
  'quoted-identifier',
  'key',
  'path',
  'island',
]);

/**
 * What is one word on one line, as it is written: most nodes are, and this needs none of the tokens within them. Undefined for
 * what has to be laid out part by part.
 */
export function layWord({ kind, start, end }: SyntaxNode, source: string): Laid | undefined {
  if (!words.has(kind)) return undefined;
  for (let at = start; at < end; at++) {
    const character = source.charCodeAt(at);
    // Interpolations begin with a backslash, and the options of islands are between braces.
    if (character < 0x20 || character > 0x7e || character === 0x5c) return undefined;
    if (kind === 'island' && (character === 0x20 || character === 0x23 || character === 0x7b))
      return undefined;
  }
  return atom(plainText(source.slice(start, end)));
}
