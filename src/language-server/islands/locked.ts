import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type LockFile, lockFileName, parseLockFile } from '../../workspace/index.ts';
import { nearestWith } from '../files/places.ts';

/** What an island is pinned to, by format, such as `git` or `cab`. */
export type Pins = Readonly<Record<string, string>>;

/** Reads locks, each anew only when it has changed. */
export class LockReader {
  readonly #known = new Map<string, { readonly stamp: string; readonly lock: LockFile | undefined }>();

  /** What the lock of the project that a file belongs to pins, by the islands' keys. */
  pinsFor(file: string | undefined): ReadonlyMap<string, Pins> {
    if (file === undefined) return new Map();
    const folder = nearestWith(path.dirname(file), lockFileName);
    const lock = folder === undefined ? undefined : this.#lockAt(path.join(folder, lockFileName));
    return lock?.islands ?? new Map();
  }

  #lockAt(place: string): LockFile | undefined {
    try {
      const { mtimeMs, size, ino } = statSync(place);
      const stamp = `${ino} ${size} ${mtimeMs}`;
      const known = this.#known.get(place);
      if (known?.stamp === stamp) return known.lock;
      const parsed = parseLockFile(readFileSync(place, 'utf8'), place);
      const lock = parsed.ok ? parsed.lock : undefined;
      this.#known.set(place, { stamp, lock });
      return lock;
    } catch {
      return undefined;
    }
  }
}

/** The few characters by which people know a pin: of a commit or version where there is one. */
export function shortPin(pins: Pins): string | undefined {
  const { git, cab, ...others } = pins;
  if (git !== undefined) return git.slice(0, 8);
  const [, first] = Object.entries(others).find(([format]) => /version/.test(format)) ?? [];
  const value = first ?? cab ?? Object.values(others)[0];
  return value !== undefined && value.length > 16 ? value.slice(0, 8) : value;
}
