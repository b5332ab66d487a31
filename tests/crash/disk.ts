import { execFileSync } from 'node:child_process';
import { mkdirSync, statfsSync } from 'node:fs';

/** How much a disk holds: bytes in blocks, and files and folders by their inodes. */
export interface Room {
  readonly bytes: number;
  readonly inodes: number;
}

/** A small disk of its own, in memory. */
export interface Disk extends Disposable {
  used(): Room;
  /** Makes it larger or smaller; not smaller than what is on it. */
  resize(room: Room): void;
}

export const plenty: Room = { bytes: 64 << 20, inodes: 100_000 };

/** Mounts a disk on the folder, or says why that cannot be had here. */
export function mountDisk(folder: string): Disk | string {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'a small disk needs root on Linux';
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', optionsOf(plenty), 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    return `this machine does not let a disk be mounted: ${(error as Error).message.trim()}`;
  }
  return {
    used: () => usedOf(folder),
    resize: (room) => {
      execFileSync('mount', ['-o', `remount,${optionsOf(room)}`, folder], { stdio: 'pipe' });
    },
    [Symbol.dispose]: () => void execFileSync('umount', ['--lazy', folder]),
  };
}

/** Zero would mean that there is no limit. */
function optionsOf({ bytes, inodes }: Room): string {
  return `size=${Math.max(1, bytes)},nr_inodes=${Math.max(1, inodes)}`;
}

function usedOf(folder: string): Room {
  const { blocks, bfree, bsize, files, ffree } = statfsSync(folder);
  return { bytes: (blocks - bfree) * bsize, inodes: files - ffree };
}
