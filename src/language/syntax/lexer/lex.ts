import type { Source } from '../../../diagnostics/index.ts';
import { unreachable } from '../../../foundation/index.ts';
import type { TokenTable } from '../flat/token-table.ts';
import type { Problems } from '../problem.ts';
import { lexCode } from './code.ts';
import { lexIsland, lexPath } from './island.ts';
import { type Frame, Lexer } from './lexer.ts';
import { lexLines, lexText } from './text.ts';

export interface Lexed {
  /** All of the text, and behind it one empty token of kind `end`. */
  readonly tokens: TokenTable;
  readonly problems: Problems;
  readonly swallowedTheEnd: boolean;
}

/** Cuts any text into tokens; what is wrong becomes an error token or ends where it can, and is reported. */
export function lex(source: Source): Lexed {
  const lexer = new Lexer(source);
  // A frame that is not code has a word to say at the end of the text: that it was not closed.
  while (lexer.position < lexer.length || lexer.frame.kind !== 'code') step(lexer, lexer.frame);
  lexer.tokens.finish();
  return lexer;
}

function step(lexer: Lexer, frame: Frame): void {
  switch (frame.kind) {
    case 'code':
      return lexCode(lexer, frame);
    case 'string':
    case 'quoted':
      return lexText(lexer, frame);
    case 'lines':
      return lexLines(lexer, frame);
    case 'path':
      return lexPath(lexer);
    case 'island':
      return lexIsland(lexer, frame);
    default:
      return unreachable(frame);
  }
}
