import { type Glob, bytesOf, compileGlob } from './glob.ts';

/** What a file of patterns says of an entry; undefined where it says nothing. */
export type Verdict = 'ignored' | 'kept' | undefined;

interface Pattern {
  readonly verdict: 'ignored' | 'kept';
  readonly foldersOnly: boolean;
  /** Whether it is for paths relative to the file's folder, and not for names at any depth below it. */
  readonly anchored: boolean;
  readonly matches: Glob;
}

/** The patterns of one file such as `.gitignore`. https://git-scm.com/docs/gitignore */
export class IgnoreFile {
  /** The folder that they are relative to: itself relative to the top, with a slash at its end, or empty for the top. */
  readonly #base: string;
  readonly #patterns: readonly Pattern[];
  /** The last pattern for each name that patterns spell out, by its number, so that it is not looked for one by one. */
  readonly #names = new Map<string, number>();
  /** The numbers of all other patterns. */
  readonly #others: number[] = [];

  private constructor(base: string, lines: readonly string[], ignoreCase: boolean) {
    this.#base = base;
    this.#patterns = lines.map((line, index) => this.#compile(line, index, ignoreCase));
  }

  /** The patterns in the text of a file; undefined where there are none. */
  static parse(text: string, base: string, ignoreCase = false): IgnoreFile | undefined {
    const lines = text
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
      .filter((line) => line !== '' && !line.startsWith('#'));
    return lines.length === 0 ? undefined : new IgnoreFile(base, lines, ignoreCase);
  }

  /** What the last pattern that matches says. The folder is relative to the top, with a slash at its end, and below the base. */
  verdict(folder: string, name: string, isFolder: boolean): Verdict {
    const bytes = bytesOf(name);
    let last = this.#names.get(bytes) ?? -1;
    if (last >= 0 && !this.#fits(last, isFolder)) last = this.#lastOfName(last, bytes, isFolder);
    for (let index = this.#others.length - 1; index >= 0; index--) {
      const number = this.#others[index] as number;
      if (number < last) break;
      const { anchored, matches } = this.#patterns[number] as Pattern;
      if (!this.#fits(number, isFolder)) continue;
      if (!matches(anchored ? bytesOf(folder.slice(this.#base.length)) + bytes : bytes)) continue;
      last = number;
      break;
    }
    return this.#patterns[last]?.verdict;
  }

  #fits(number: number, isFolder: boolean): boolean {
    return isFolder || this.#patterns[number]?.foldersOnly === false;
  }

  /** The last pattern before this one that spells out the name. */
  #lastOfName(before: number, bytes: string, isFolder: boolean): number {
    for (let number = before - 1; number >= 0; number--) {
      const { anchored, matches } = this.#patterns[number] as Pattern;
      if (!anchored && this.#fits(number, isFolder) && matches(bytes)) return number;
    }
    return -1;
  }

  #compile(line: string, number: number, ignoreCase: boolean): Pattern {
    let text = bytesOf(withoutEndSpaces(line));
    const verdict = text.startsWith('!') ? 'kept' : 'ignored';
    if (verdict === 'kept') text = text.slice(1);
    const foldersOnly = text.endsWith('/');
    if (foldersOnly) text = text.slice(0, -1);
    const anchored = text.includes('/');
    if (text.startsWith('/')) text = text.slice(1);
    if (!anchored && !ignoreCase && !/[*?[\\]/.test(text)) this.#names.set(text, number);
    else this.#others.push(number);
    return { verdict, foldersOnly, anchored, matches: compileGlob(text, anchored, ignoreCase) };
  }
}

/** Spaces at the end do not count, unless a backslash stands before them. */
function withoutEndSpaces(line: string): string {
  let end = line.length;
  while (line[end - 1] === ' ') end--;
  if (end === line.length) return line;
  const backslashes = /\\*$/.exec(line.slice(0, end))?.[0].length ?? 0;
  return line.slice(0, backslashes % 2 === 1 ? end + 1 : end);
}
