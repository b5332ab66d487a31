import { type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { DiagnosticError } from '../diagnostics/index.ts';
import { type Island, looksLikeIsland, parseIsland } from '../islands/index.ts';

/** What a word of the command line names: an attribute of a local entry file, or of an island's. */
export type Installable =
  | {
      readonly kind: 'file';
      readonly text: string;
      readonly file: string;
      readonly attributes: readonly string[];
    }
  | {
      readonly kind: 'island';
      readonly text: string;
      readonly island: Island;
      readonly attributes: readonly string[];
    };

/** The name of a folder's entry file. */
export const entryFileName = 'default.cab';

/** Parses `./folder#attribute.path`, `file.cab`, `github:o/r#x`, relative to `folder`. */
export function parseInstallable(text: string, folder: string): Installable {
  const hash = text.lastIndexOf('#');
  const place = hash === -1 ? text : text.slice(0, hash);
  const attributes = hash === -1 ? [] : splitAttributes(text, text.slice(hash + 1));
  if (looksLikeIsland(place)) {
    const parsed = parseIsland(place);
    if (!parsed.ok) throw new DiagnosticError(parsed.diagnostic);
    return { kind: 'island', text, island: parsed.island, attributes };
  }
  return {
    kind: 'file',
    text,
    file: entryFile(text, path.resolve(folder, place === '' ? '.' : place)),
    attributes,
  };
}

function entryFile(text: string, place: string): string {
  const stats = statsOf(text, place);
  if (stats === undefined) {
    throw missing(text, `'${place}' does not exist`, 'an installable is a folder, a file or an island');
  }
  if (stats.isFile()) return place;
  if (!stats.isDirectory()) {
    throw missing(text, `'${place}' is neither a folder nor a file`, 'write the expression into a file');
  }
  const file = path.join(place, entryFileName);
  if (statsOf(text, file) === undefined) {
    throw missing(
      text,
      `the folder '${place}' has no ${entryFileName}`,
      `write one, or name the file to build`,
    );
  }
  return file;
}

/** What is at the place, at the end of all links, or undefined if nothing is. */
function statsOf(text: string, place: string): Stats | undefined {
  try {
    return statSync(place, { throwIfNoEntry: false });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const hint = code === 'ELOOP' ? 'a symbolic link on the way leads back to itself' : undefined;
    throw missing(text, `'${place}' cannot be looked at (${code})`, hint);
  }
}

/** `a.b."c.d"` as its names. */
function splitAttributes(text: string, attributes: string): string[] {
  if (attributes === '') return [];
  const names = attributes.match(/"[^"]*"|[^."]+/g) ?? [];
  if (names.join('.') !== attributes)
    throw missing(text, `'${attributes}' is not a path of attributes, as in a.b.c`);
  return names.map((name) => name.replace(/^"(.*)"$/, '$1'));
}

function missing(text: string, why: string, hint?: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB6003',
    severity: 'error',
    message: `the installable '${text}' cannot be used: ${why}`,
    ...(hint !== undefined && { hint }),
  });
}
