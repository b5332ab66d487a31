import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { isLeftBehind, ownedName } from '../store/index.ts';

/**
 * A name beside a file, or a link, for what is to take its place. It begins as the name of the file does, so that what leaves out
 * links to results leaves out these as well.
 */
export function nameBeside(file: string): string {
  return `${file}-${ownedName('new')}`;
}

/** Removes what processes that are no more have left beside a file under such names, as far as that may be done. */
export function clearBeside(file: string): void {
  const folder = path.dirname(file);
  const start = `${path.basename(file)}-`;
  try {
    for (const name of readdirSync(folder)) {
      const place = path.join(folder, name);
      if (!name.startsWith(start) || !name.endsWith('-new')) continue;
      if (isLeftBehind(name.slice(start.length), place)) rmSync(place, { force: true });
    }
  } catch {
    // It is in nobody's way.
  }
}
