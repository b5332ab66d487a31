import { closeSync, lstatSync, mkdirSync, openSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { errorCode, onDisk } from './faults.ts';
import { isLeftBehind, ownedName } from './owner.ts';

/**
 * What a session is there for. One that serves makes its marks anew more often than one of other work, so that a collection beside it need
 * not keep much that was used before. A collection's own one tells all that begin after it to mark whatever they use.
 */
export type SessionRole = 'work' | 'serving' | 'collection';

/** How long a mark of use is good for before it is made anew, in milliseconds: what is used all the time is not written all the time. */
const markLifetimesMs = { work: 60_000, serving: 1000, collection: 60_000 } as const;

/** How much a clock may be set back while a session goes on, in milliseconds. A server's is one that is kept right. */
const clockSlacksMs = { work: 60_000, serving: 1000, collection: 60_000 } as const;

/** A session of a process that is still there. */
export interface LivingSession {
  readonly name: string;
  readonly role: SessionRole;
  /** When the oldest work that it is there for began, in milliseconds since 1970. */
  readonly startMs: number;
}

/** Since when things were used that a session may rely on, in milliseconds since 1970: marks are not made anew at once, and clocks are set back. */
export function reliesSinceMs({ role, startMs }: LivingSession): number {
  return startMs - markLifetimesMs[role] - clockSlacksMs[role];
}

/**
 * That a process works with the store: a file in `sessions/` whose time is when the oldest of its work began. Nothing that was
 * used since then is collected.
 */
export class Session {
  readonly name: string;
  readonly #file: string;
  readonly #role: SessionRole;
  #startMs: number;
  /** The latest time that was told: this clock never goes back. */
  #nowMs: number;
  /** Whether a collection was at work when this session began: it goes by marks alone, and trusts no earlier one. */
  readonly #besideCollection: boolean;

  private constructor(storeFolder: string, role: SessionRole) {
    this.name = ownedName(role);
    this.#role = role;
    this.#file = path.join(storeFolder, 'sessions', this.name);
    makeFile(storeFolder, this.#file);
    // Only what is seen by others has begun: the time is taken once the file is there, and the look at others comes after that.
    this.#startMs = this.#nowMs = Date.now();
    setTime(this.#file, this.#startMs);
    const collections = livingSessions(storeFolder).filter((each) => each.role === 'collection');
    this.#besideCollection = collections.length > 0;
    for (const { startMs } of collections) this.#nowMs = Math.max(this.#nowMs, startMs);
  }

  static open(storeFolder: string, role: SessionRole): Session {
    return onDisk(storeFolder, () => new Session(storeFolder, role));
  }

  /** The time in milliseconds since 1970, which is never before one that was told earlier. */
  now(): number {
    this.#nowMs = Math.max(this.#nowMs, Date.now());
    return this.#nowMs;
  }

  /** The mark of something that is used now is to be made anew if it is older than this, in milliseconds since 1970. */
  oldestMark(): number {
    const oldest = this.now() - markLifetimesMs[this.#role];
    return this.#besideCollection ? Math.max(oldest, this.#startMs) : oldest;
  }

  /** Says that all work from before this time is over: for a server, when the oldest that is still going on began. */
  moveStart(startMs: number): void {
    if (startMs <= this.#startMs) return;
    this.#startMs = Math.min(startMs, this.now());
    setTime(this.#file, this.#startMs);
  }

  close(): void {
    rmSync(this.#file, { force: true });
  }
}

/** The sessions of the processes that are still there; the files of the others are removed. */
export function livingSessions(storeFolder: string): LivingSession[] {
  const folder = path.join(storeFolder, 'sessions');
  const living: LivingSession[] = [];
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    if (isLeftBehind(name, file)) {
      rmSync(file, { force: true });
      continue;
    }
    const status = lstatSync(file, { throwIfNoEntry: false });
    if (status === undefined) continue;
    living.push({ name, role: roleOf(name), startMs: status.mtimeMs });
  }
  return living;
}

function roleOf(name: string): SessionRole {
  const roles: readonly SessionRole[] = ['collection', 'serving'];
  return roles.find((role) => name.endsWith(`-${role}`)) ?? 'work';
}

function makeFile(storeFolder: string, file: string): void {
  try {
    closeSync(openSync(file, 'wx'));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    // A store of an older Cab has no such folder.
    mkdirSync(path.join(storeFolder, 'sessions'), { recursive: true });
    closeSync(openSync(file, 'wx'));
  }
}

function setTime(file: string, timeMs: number): void {
  utimesSync(file, timeMs / 1000, timeMs / 1000);
}
