import type { ListedEntry } from '../workspace/index.ts';
import { shownName } from './browsing.ts';

/** An entry as every listing shows it: a directory's name ends in a slash. */
export function listedName({ path, kind }: ListedEntry): string {
  return `${shownName(path)}${kind === 'directory' ? '/' : ''}`;
}

/** With what a link leads to. */
export function listedNameAndTarget(entry: ListedEntry): string {
  return `${listedName(entry)}${entry.target === undefined ? '' : ` -> ${shownName(entry.target)}`}`;
}

export function listedKind({ kind, executable }: ListedEntry): string {
  return (executable === true ? 'executable' : kind).padEnd('executable'.length);
}
