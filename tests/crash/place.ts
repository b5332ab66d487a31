import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where a scenario happens. */
export interface Place {
  readonly folder: string;
  readonly store: string;
  /** For what goes into the store, and for what comes out of it. */
  readonly work: string;
}

/** A place of its own, gone with the scope that it is used in, after what `duty` does where one is given. */
export function makePlace(duty: () => void = () => undefined): Place & Disposable {
  const folder = mkdtempSync(path.join(tmpdir(), 'cab-crash-'));
  const place = { folder, store: path.join(folder, 'store'), work: path.join(folder, 'work') };
  mkdirSync(place.work);
  const leave = (): void => {
    duty();
    removePlace(folder);
  };
  return { ...place, [Symbol.dispose]: leave };
}

function removePlace(folder: string): void {
  if (process.getuid?.() !== 0) makeWritable(folder);
  rmSync(folder, { recursive: true, force: true });
}

/** Trees on disk are sealed, which keeps anyone but root from removing what is in them. */
function makeWritable(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) makeWritable(path.join(folder, entry.name));
  }
}
