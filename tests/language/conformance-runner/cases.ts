import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the suite lies. */
export const suiteFolder = fileURLToPath(new URL('../conformance', import.meta.url));

/** One rule of the language, and a program that shows it. */
export interface Case {
  readonly chapter: string;
  readonly name: string;
  readonly rule: string;
  /** The folder that is the tree of the program. */
  readonly folder: string;
  /** The program's file, within the folder. */
  readonly file: string;
}

/** The chapters of the suite, by name. */
export function chaptersOf(suite: string): ReadonlyMap<string, readonly Case[]> {
  const folders = readdirSync(suite, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = folders.map(({ name }) => name).toSorted();
  return new Map(names.map((chapter) => [chapter, casesOf(path.join(suite, chapter), chapter)]));
}

function casesOf(folder: string, chapter: string): readonly Case[] {
  const names = readdirSync(folder).toSorted();
  return names.flatMap((name) => {
    if (name.endsWith('.cab')) return [readCase(chapter, name.slice(0, -'.cab'.length), folder, name)];
    const inner = path.join(folder, name);
    return existsSync(path.join(inner, 'main.cab')) ? [readCase(chapter, name, inner, 'main.cab')] : [];
  });
}

function readCase(chapter: string, name: string, folder: string, file: string): Case {
  const [first = ''] = readFileSync(path.join(folder, file), 'utf8').replace('\uFEFF', '').split(/\r?\n/, 1);
  const rule = /^# rule: (.+)$/.exec(first)?.[1];
  if (rule === undefined) throw new Error(`${chapter}/${name} does not begin with '# rule: …'`);
  return { chapter, name, rule, folder, file };
}

/** The path of a file that says what the case comes to, such as `.value`. */
export function expectationFile({ folder, file }: Case, extension: string): string {
  return path.join(folder, file.replace(/\.cab$/, extension));
}
