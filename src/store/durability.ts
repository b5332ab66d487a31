import { closeSync, fsyncSync, openSync } from 'node:fs';
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';

const key = 'cab: stores that are durable';

/** Has all that this thread, and those that it starts from now on, put into the store be on the disk before it is recorded. */
export function makeDurable(storeFolder: string): void {
  setEnvironmentData(key, [...durableStores(), storeFolder]);
}

export function isDurable(storeFolder: string): boolean {
  return durableStores().includes(storeFolder);
}

function durableStores(): readonly string[] {
  return (getEnvironmentData(key) as readonly string[] | undefined) ?? [];
}

/** Waits until a file, or the entries of a folder, are on the disk. */
export function syncFile(file: string): void {
  const descriptor = openSync(file, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Folders that have to be on the disk before anything is recorded that relies on what is in them. */
export class UnsyncedFolders {
  readonly #folders = new Set<string>();

  /** Only the main thread records. What another one has done is on the disk when it says that it is done. */
  note(folder: string): void {
    if (isMainThread) this.#folders.add(folder);
    else syncFile(folder);
  }

  sync(): void {
    for (const folder of this.#folders) syncFile(folder);
    this.#folders.clear();
  }
}
