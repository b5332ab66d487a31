import type { Diagnostic, Source } from '../../../diagnostics/index.ts';
import { unreachable } from '../../../foundation/index.ts';
import type { Token } from '../token.ts';
import { lexCode } from './code.ts';
import { lexIsland, lexPath } from './island.ts';
import { type Frame, Lexer } from './lexer.ts';
import { lexLines, lexText } from './text.ts';

export interface Lexed {
  /** All of the text, and behind it one empty token of kind `end`. */
  readonly tokens: readonly Token[];
  readonly diagnostics: Diagnostic[];
  readonly swallowedTheEnd: boolean;
}

/** Cuts any text into tokens; what is wrong becomes an error token or ends where it can, and is reported. */
export function lex(source: Source): Lexed {
  const lexer = new Lexer(source);
  const { length } = source.text;
  while (lexer.position < length || isText(lexer.frames.at(-1))) step(lexer, lexer.frames.at(-1));
  lexer.tokens.push({ kind: 'end', start: length, text: '' });
  return lexer;
}

/** Whether the frame has a word to say at the end of the text: that it was not closed. */
function isText(frame: Frame): boolean {
  return frame.kind !== 'code';
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
