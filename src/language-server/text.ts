import { isPlainName } from '../language/syntax/index.ts';

/** The name as it is written where names stand; undefined where no name can be like that. */
export function writtenName(name: string): string | undefined {
  if (isPlainName(name)) return name;
  return name === '' || /[`\\\u0000-\u001f\u007f]/.test(name) ? undefined : `\`${name}\``;
}

/** A block of code for people who read Markdown. */
export function codeBlock(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}cab\n${code}\n${fence}`;
}

/** A word of code within a sentence of Markdown. */
export function inlineCode(code: string): string {
  const longest = Math.max(0, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `\`${code}\`` : `${fence} ${code} ${fence}`;
}
