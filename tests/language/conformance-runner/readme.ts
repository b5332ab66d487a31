import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as prettier from 'prettier';
import { type Case, suiteFolder } from './cases.ts';

const marker = '<!-- The rest is generated from the cases by `npm run goldens`. -->';

export const readmeFile = path.join(suiteFolder, 'README.md');

/** The README of the suite with the list of the rules anew. */
export async function renderReadme(chapters: ReadonlyMap<string, readonly Case[]>): Promise<string> {
  const [format = ''] = readFileSync(readmeFile, 'utf8').split(marker);
  const count = chapters.values().reduce((sum, cases) => sum + cases.length, 0);
  const sections = [...chapters].map(([chapter, cases]) => {
    const rules = cases.map(({ name, rule }) => `- \`${name}\`: ${rule.replaceAll('<', '&lt;')}`);
    return `## ${chapter}\n\n${rules.join('\n')}\n`;
  });
  const text = `${format}${marker}\n\n${count} rules in ${chapters.size} chapters.\n\n${sections.join('\n')}`;
  return prettier.format(text, { ...(await prettier.resolveConfig(readmeFile)), filepath: readmeFile });
}
