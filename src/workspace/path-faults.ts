import { DiagnosticError, didYouMean } from '../diagnostics/index.ts';
import type { EntryKind, TreePath } from '../language/evaluation/index.ts';

/** How many files of a folder a hint names. */
const shownFiles = 6;

/** What is at a path, as messages call it. */
export type FoundKind = EntryKind | 'FIFO' | 'socket' | 'device';

/** `beside` are the names in its folder, where they can be had. */
export function noSuchPath(place: TreePath, beside: readonly string[] = []): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB6101',
    severity: 'error',
    message: `${show(place)} does not exist`,
    hint: hintForMissing(place, beside),
  });
}

/** Most islands hold sources, and nothing that says how to build them. */
function hintForMissing({ root, path: inner }: TreePath, beside: readonly string[]): string {
  const name = inner.slice(inner.lastIndexOf('/') + 1);
  const files = beside.filter((other) => other.endsWith('.cab'));
  if (name === 'default.cab' && files.length > 0) {
    return `a folder is imported by its default.cab; this one has ${files.slice(0, shownFiles).join(', ')}`;
  }
  const near = didYouMean(name, beside);
  if (near !== undefined) return near;
  const folder = beside.find((other) => name.startsWith(other));
  if (folder !== undefined) {
    return `there is '${folder}': the slash and the name are added to a path in one string, as in path + "/\\(name)"`;
  }
  if (inner !== '/default.cab' || !root.display.startsWith('<'))
    return "a path begins at the file that it is written in, and one that begins with '/' at the top of that file's tree";
  return `a default.cab of your own can use its tree as a source, and cab ls '${root.display}' shows what is in it`;
}

export function wrongKind(place: TreePath, wanted: string, actual: FoundKind): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB6102',
    severity: 'error',
    message: `${show(place)} is not ${wanted}, but a ${wordFor(actual)}`,
  });
}

function wordFor(kind: FoundKind): string {
  return kind === 'symlink' ? 'symbolic link' : kind === 'directory' ? 'folder' : kind;
}

export function leadsOutside(place: TreePath, target: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB6103',
    severity: 'error',
    message: `${show(place)} is a symbolic link out of its tree, to '${target}'`,
    hint: 'an expression sees only its own tree: what it needs from elsewhere has to be an island or an argument',
  });
}

export function tooLarge(place: TreePath, limit: number): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB6104',
    severity: 'error',
    message: `${show(place)} is larger than the ${limit / 1024 ** 2} MiB that evaluation reads of a file`,
    hint: 'where a build is to have it, name the path in the build without reading it',
  });
}

/** What the system's refusal to read a path means to the user; an exception of another sort as it is. */
export function failedToRead(
  place: TreePath,
  error: NodeJS.ErrnoException,
  beside: () => readonly string[],
): Error {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
    // What Node says of a path with a null character in it, which nothing on disk has.
    case 'ERR_INVALID_ARG_VALUE':
      return noSuchPath(place, beside());
    case 'EISDIR':
      return wrongKind(place, 'a file', 'directory');
    case undefined:
      return error;
    default:
      return cannotBeRead(place, error.code);
  }
}

function cannotBeRead(place: TreePath, code: string): DiagnosticError {
  const circle = code === 'ELOOP';
  return new DiagnosticError({
    code: 'CAB6102',
    severity: 'error',
    message: `${show(place)} cannot be read (${code})`,
    ...(circle && { hint: 'a symbolic link on the way leads back to itself' }),
  });
}

function show({ root, path: inner }: TreePath): string {
  return `'${root.display}${inner === '/' ? '' : inner}'`;
}
