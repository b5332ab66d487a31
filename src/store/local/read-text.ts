import { constants, readFileSync } from 'node:fs';

/** The text of a small file, or undefined where none can be read. */
export function readText(file: string): string | undefined {
  return read(file, constants.O_RDONLY);
}

/** The same, but of no symbolic link: git follows none to the patterns of a folder either. */
export function readTextOfFile(file: string): string | undefined {
  return read(file, constants.O_RDONLY | constants.O_NOFOLLOW);
}

function read(file: string, flag: number): string | undefined {
  try {
    return readFileSync(file, { encoding: 'utf8', flag: flag as unknown as string });
  } catch {
    return undefined;
  }
}
