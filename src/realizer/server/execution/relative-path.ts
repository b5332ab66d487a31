/** Whether a text is the name of an entry of a directory. */
export function isEntryName(name: string): boolean {
  return (
    name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name) && Buffer.byteLength(name) <= 255
  );
}

/** In bytes: with the folder before it, Linux has to take it. */
const longestPath = 3000;

/** Whether a path leads from a folder to something in it without a detour; empty for the folder itself. */
export function isRelativePath(path: string): boolean {
  return path === '' || (Buffer.byteLength(path) <= longestPath && path.split('/').every(isEntryName));
}

/** A path below another one. */
export function joined(folder: string, path: string): string {
  return folder === '' || path === '' ? folder + path : `${folder}/${path}`;
}
