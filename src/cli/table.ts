/** Rows of cells as lines, each column as wide as its widest cell; numbers go to the right. */
export function alignedLines(
  rows: readonly (readonly string[])[],
  columns: readonly ('left' | 'right')[],
): string {
  const widths = columns.map((_, column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => {
      const cells = columns.map((side, column) => {
        const [cell, width] = [row[column] ?? '', widths[column] as number];
        return side === 'left' ? cell.padEnd(width) : cell.padStart(width);
      });
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}
