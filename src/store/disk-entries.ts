import { type Dirent, readdirSync, readlinkSync } from 'node:fs';
import { cannotHold } from './faults.ts';

/** What decoding puts in the place of bytes that are no UTF-8. */
const replacement = '\uFFFD';
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The entries of a folder on disk, which errors call `shown`. @throws DiagnosticError CAB5005 where a name is no UTF-8. */
export function readEntries(folder: string, shown = folder): Dirent[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  if (entries.some((entry) => entry.name.includes(replacement))) {
    for (const name of readdirSync(folder, { encoding: 'buffer' })) {
      if (!isUtf8(name))
        throw cannotHold(`${shown}/${name.toString('latin1')}`, 'its name is not UTF-8', 'rename it');
    }
  }
  return entries;
}

/** The target of a symbolic link on disk, which errors call `shown`. @throws DiagnosticError CAB5005 where it is no UTF-8. */
export function readTarget(link: string, shown = link): string {
  const target = readlinkSync(link);
  if (target.includes(replacement) && !isUtf8(readlinkSync(link, { encoding: 'buffer' }))) {
    throw cannotHold(shown, 'its target is not UTF-8', 'make it point elsewhere');
  }
  return target;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    utf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** What keeps a thing on disk out of the store, by what it is. */
export function specialKind(status: {
  isFIFO(): boolean;
  isSocket(): boolean;
  isCharacterDevice(): boolean;
  isBlockDevice(): boolean;
}): string {
  if (status.isFIFO()) return 'it is a FIFO';
  if (status.isSocket()) return 'it is a socket';
  return 'it is a device file';
}
