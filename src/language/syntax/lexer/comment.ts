import type { Lexer } from './lexer.ts';

const opening = /#=+/y;
const lineComment = /#[^\r\n]*/y;
const boundary = /#=+|=+#/g;

/** `# to the end of the line`, or `#= block =#` with any number of `=`, in which blocks of the same number nest. */
export function lexComment(lexer: Lexer): void {
  const start = lexer.position;
  const opened = lexer.endOfMatch(opening, start);
  if (opened === undefined) {
    lexer.emitMatch('comment', lineComment);
    return;
  }
  const length = opened - start;
  lexer.emit('comment', endOfBlock(lexer, opened, length));
}

function endOfBlock(lexer: Lexer, opened: number, length: number): number {
  const { text, position: start } = lexer;
  let depth = 1;
  boundary.lastIndex = opened;
  for (let match = boundary.exec(text); match !== null; match = boundary.exec(text)) {
    if (match[0].length !== length) continue;
    depth += match[0].startsWith('#') ? 1 : -1;
    if (depth === 0) return boundary.lastIndex;
  }
  lexer.swallowedTheEnd = true;
  const closing = `${'='.repeat(length - 1)}#`;
  lexer.report({
    code: 'CAB1003',
    start,
    end: opened,
    message: `the block comment is not closed by '${closing}'`,
    label: 'opened here',
    hint: `for a comment to the end of the line, put a blank behind '#'`,
  });
  return text.length;
}
