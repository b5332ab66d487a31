import type { Source } from '../../../diagnostics/index.ts';
import type { Lexed } from '../lexer/lex.ts';
import { parseFile } from './parse-file.ts';
import { Parser } from './parser.ts';

/** Below this the stack was nearly full when parsing began: then it is not the text that goes too deep. */
const fewestLevels = 64;

/**
 * Parses a text as deeply as the machine's stack allows, which no bound known beforehand could tell. Where it was not enough, the text
 * is parsed once more, down to where there was still room.
 */
export function parseTokens(source: Source, lexed: Lexed): Parser {
  let maximumDepth = 2 ** 30;
  for (;;) {
    const parser = new Parser(source, lexed, maximumDepth);
    try {
      parseFile(parser);
      return parser;
    } catch (error) {
      // Half of what was reached, since the same functions take more of the stack at some times than at others.
      maximumDepth = Math.floor(parser.depth / 2);
      if (!isStackOverflow(error) || maximumDepth < fewestLevels) throw error;
    }
  }
}

function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.startsWith('Maximum call stack');
}
