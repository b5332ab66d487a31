import type { Lexer } from './lexer.ts';

const opening = /#=+/y;
const lineComment = /#[^\r\n]*/y;
const equalsSign = 0x3d;

/**
 * `comment := '#' lineText | blockComment`
 * `blockComment := '#=' (blockComment | blockText)* '=#'`, with any number of `=`; blocks of the same number nest
 */
export function lexComment(lexer: Lexer): void {
  const start = lexer.position;
  const opened = lexer.endOfMatch(opening, start);
  if (opened === undefined) {
    lexer.emitMatch('comment', lineComment);
    return;
  }
  const end = endOfBlock(lexer.text, opened, opened - start - 1);
  if (end === undefined) reportOpen(lexer, start, opened);
  lexer.emit('comment', end ?? lexer.length);
}

/** Where the block ends whose content begins at `opened` and whose signs have so many `=`. */
function endOfBlock(text: string, opened: number, signs: number): number | undefined {
  let depth = 1;
  let from = opened;
  for (let hash = text.indexOf('#', from); hash !== -1; hash = text.indexOf('#', from)) {
    let before = hash;
    while (before > from && text.charCodeAt(before - 1) === equalsSign) before--;
    from = hash + 1;
    if (before < hash) {
      if (hash - before === signs && --depth === 0) return from;
      continue;
    }
    while (text.charCodeAt(from) === equalsSign) from++;
    if (from - hash - 1 === signs) depth++;
  }
  return undefined;
}

function reportOpen(lexer: Lexer, start: number, opened: number): void {
  lexer.swallowedTheEnd = true;
  const closing = `${'='.repeat(Math.min(opened - start - 1, 60))}#`;
  lexer.report({
    code: 'CAB1003',
    start,
    end: opened,
    message: `the block comment is not closed by '${closing}'`,
    label: 'opened here',
    hint: `for a comment to the end of the line, put a blank behind '#'`,
  });
}
