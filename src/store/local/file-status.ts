import type { Stats } from 'node:fs';

/** How many bytes `writeStatus` writes. */
export const statusLength = 48;

/** Writes all that changes whenever the content of a file may have changed. */
export function writeStatus(buffer: Buffer, position: number, status: Stats): void {
  buffer.writeDoubleLE(status.dev, position);
  buffer.writeDoubleLE(status.ino, position + 8);
  buffer.writeDoubleLE(status.size, position + 16);
  buffer.writeDoubleLE(status.mtimeMs, position + 24);
  buffer.writeDoubleLE(status.ctimeMs, position + 32);
  buffer.writeDoubleLE(status.mode, position + 40);
}

/** Whether this status was written there. */
export function hasStatus(buffer: Buffer, position: number, status: Stats): boolean {
  return (
    buffer.readDoubleLE(position + 32) === status.ctimeMs &&
    buffer.readDoubleLE(position + 24) === status.mtimeMs &&
    buffer.readDoubleLE(position + 16) === status.size &&
    buffer.readDoubleLE(position + 8) === status.ino &&
    buffer.readDoubleLE(position) === status.dev &&
    buffer.readDoubleLE(position + 40) === status.mode
  );
}
