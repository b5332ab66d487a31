import type { Diagnostic, Source } from '../../diagnostics/index.ts';
import { parse, type Parsed } from '../syntax/index.ts';
import { layTree } from './layout.ts';
import { render } from './render.ts';

export type Formatted =
  | { readonly kind: 'formatted'; readonly text: string }
  /** What is wrong with the text, which is left as it is. */
  | { readonly kind: 'invalid'; readonly diagnostics: readonly Diagnostic[] };

/** What `parse` tells of a text, as far as laying it out takes it. */
type ParsedText = Pick<Parsed, 'tree' | 'diagnostics'>;

/**
 * The text laid out in the style of Cab. What it means, and its comments, stay the same; a text that is laid out already
 * comes back as it is.
 */
export function format(source: Source): Formatted {
  return formatParsed(parse(source), source.text);
}

/** The same for a text that is parsed already. */
export function formatParsed({ tree, diagnostics }: ParsedText, text: string): Formatted {
  if (diagnostics.length > 0) return { kind: 'invalid', diagnostics };
  return { kind: 'formatted', text: render(layTree(tree, text).document) };
}
