import type { Write } from './reporter.ts';

/** How much is gathered, in characters, before it is written whatever else goes on. */
const gatheredLimit = 1 << 16;

/**
 * Gathers what is written within one turn of the event loop: a builder that says a million short things would otherwise cost a
 * million system calls.
 */
export function buffered(write: Write): { readonly write: Write; readonly flush: () => void } {
  let pieces: string[] = [];
  let length = 0;
  let scheduled = false;

  function flush(): void {
    scheduled = false;
    if (pieces.length === 0) return;
    const text = pieces.join('');
    pieces = [];
    length = 0;
    write(text);
  }

  return {
    flush,
    write(text) {
      pieces.push(text);
      length += text.length;
      if (length >= gatheredLimit) flush();
      else if (!scheduled) {
        scheduled = true;
        setImmediate(flush);
      }
    },
  };
}
