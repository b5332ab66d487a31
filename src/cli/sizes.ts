const units = ['KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A number of bytes as people read it: `999 B`, `1.2 KiB`, `34.5 MiB`. */
export function shownSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  let size = bytes / 1024;
  let unit = 0;
  // What would be rounded up to 1024 is one of the next unit.
  while (size >= 1023.95 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${size.toFixed(1)} ${units[unit]}`;
}

/** By how much something has grown: `+1.2 KiB`, `-3 B`, `0 B`. */
export function shownGrowth(bytes: number): string {
  if (bytes === 0) return '0 B';
  return `${bytes < 0 ? '-' : '+'}${shownSize(Math.abs(bytes))}`;
}
