/** Writes the lines of one turn of the event loop at once: a server that is asked thousands of times a second logs as often. */
export function gatherLines(write: (lines: string) => void): (line: string) => void {
  let gathered: string[] = [];
  const flush = (): void => {
    const lines = gathered.join('');
    gathered = [];
    if (lines !== '') write(lines);
  };
  process.on('exit', flush);
  return (line) => {
    if (gathered.push(line) === 1) setImmediate(flush);
  };
}
