import {
  type DiagnosticCode,
  type Explanation,
  type LanguageExplanation,
  catalogue,
  codeGroups,
  paragraphsOf,
} from '../diagnostics/index.ts';

/** What `cab explain` prints of a code. */
export function explanationText(
  code: DiagnosticCode,
  explanation: Explanation | LanguageExplanation,
  columns: number,
): string {
  const paragraphs = paragraphsOf(explanation).map((paragraph) =>
    paragraph.startsWith(' ') ? paragraph : wrap(paragraph, columns),
  );
  const parts = [`${code}: ${catalogue[code]}`, ...paragraphs, ...examplesOf(explanation)];
  return `${parts.join('\n\n')}\n`;
}

function examplesOf(explanation: Explanation | LanguageExplanation): readonly string[] {
  if (!('wrong' in explanation)) return [];
  const { wrong, right } = explanation;
  return ['Wrong:', indented(wrong), 'Right:', indented(right)];
}

/** An example is shown as far as it is to be read: one that shows a limit is long. */
function indented(example: string): string {
  return example
    .split('\n')
    .map((line) => `    ${line.length > 100 ? `${line.slice(0, 60)}…` : line}`)
    .join('\n');
}

/** All codes with their titles. */
export function listOfCodes(): string {
  const groups = codeGroups.map(({ title, codes }) => {
    const lines = Object.entries(codes).map(([code, meaning]) => `  ${code}  ${meaning}`);
    return `${title}\n\n${lines.join('\n')}\n`;
  });
  return `${groups.join('\n')}\ncab explain CODE tells more of each.\n`;
}

function wrap(paragraph: string, columns: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\n');
}
