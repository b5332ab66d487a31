import {
  type DiagnosticCode,
  type Explanation,
  type LanguageExplanation,
  codeGroups,
  paragraphsOf,
} from '../src/diagnostics/index.ts';

type Explanations = Readonly<Record<DiagnosticCode, Explanation | LanguageExplanation>>;

/** The pages of `docs/errors/`, by file name: one a group of codes, and the list of all of them. */
export function errorPages(explanations: Explanations): ReadonlyMap<string, string> {
  const pages = new Map([['README.md', listPage()]]);
  for (const { name, title, codes } of codeGroups) {
    const entries = Object.entries(codes) as [DiagnosticCode, string][];
    const sections = entries.map(([code, meaning]) => section(code, meaning, explanations[code]));
    pages.set(`${name}.md`, `# Errors about ${escape(title)}\n\n${sections.join('\n')}`);
  }
  return pages;
}

function listPage(): string {
  const groups = codeGroups.map(({ name, title, codes }) => {
    const lines = Object.entries(codes).map(
      ([code, meaning]) => `- [${code}](${name}.md#${code.toLowerCase()}): ${escape(meaning)}`,
    );
    return `## ${capital(escape(title))}\n\n${lines.join('\n')}\n`;
  });
  return `# Errors

Every error has a code that never changes its meaning. \`cab explain CODE\` prints the same as these pages;
[diagnostics](../reference/diagnostics.md) says how errors are shown, and [diagnostics as JSON](../reference/diagnostics-json.md) how
programs read them.

These pages are written by \`npm run goldens\` from \`src/diagnostics/explanations/\`.

${groups.join('\n')}`;
}

function section(
  code: DiagnosticCode,
  meaning: string,
  explanation: Explanation | LanguageExplanation,
): string {
  const paragraphs = paragraphsOf(explanation).map((paragraph) =>
    paragraph.startsWith(' ') ? paragraph : escape(paragraph),
  );
  const parts = [`## ${code}`, `**${capital(escape(meaning))}**`, ...paragraphs, ...examplesOf(explanation)];
  return `${parts.join('\n\n')}\n`;
}

function examplesOf(explanation: Explanation | LanguageExplanation): readonly string[] {
  if (!('wrong' in explanation)) return [];
  return ['Wrong:', block(explanation.wrong), 'Right:', block(explanation.right)];
}

function block(example: string): string {
  return `\`\`\`\`cab\n${example}\n\`\`\`\``;
}

/** Text as it stands, whatever of it Markdown would take for a sign of its own. */
function escape(text: string): string {
  return text.replaceAll(/[\\`*_<>]/g, '\\$&');
}

function capital(text: string): string {
  return text.replace(/^\\?[a-z]/, (letter) => letter.toUpperCase());
}
