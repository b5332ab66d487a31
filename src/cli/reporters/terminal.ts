import type { CabEvent } from '../../foundation/index.ts';
import { lineOf, nameWithPlace, printable } from './lines.ts';
import { renderFor } from './render.ts';
import type { Look, Reporter, Write } from './reporter.ts';

const clearLine = '\r\x1b[2K';

/** How much of a line the running builds may take, in characters. */
const statusWidth = 78;

/** For people: what is under way on one line that is written anew, and above it what is worth keeping. */
export function terminalReporter(write: Write, look: Look): Reporter {
  const running = new Map<string, string>();
  let lastLog = '';
  let shown = false;

  function hide(): void {
    if (shown) write(clearLine);
    shown = false;
  }

  function show(): void {
    if (running.size === 0) return;
    const names = [...running.values()].join(', ');
    const status = `… ${names}${lastLog === '' ? '' : `: ${lastLog}`}`;
    write(status.length > statusWidth ? `${status.slice(0, statusWidth - 1)}…` : status);
    shown = true;
  }

  return {
    report(event) {
      hide();
      if (event.type === 'build-started') running.set(event.derivation, nameWithPlace(event));
      if (event.type === 'build-finished') running.delete(event.derivation);
      if (event.type === 'build-started' || event.type === 'build-finished') lastLog = '';
      if (event.type === 'build-log') lastLog = printable(event.line);
      const kept = keep(event, look);
      if (kept !== undefined) write(kept);
      show();
    },
    close: hide,
  };
}

/** What of an event stays on the screen. */
function keep(event: CabEvent, look: Look): string | undefined {
  if (event.type === 'diagnostic') return renderFor(look, event.diagnostic);
  if (['build-started', 'build-log', 'build-claimed'].includes(event.type)) return undefined;
  const lines = [lineOf(event), event.type === 'failure-told' ? moreAbout(event.codes, look) : undefined];
  return lines
    .filter((line) => line !== undefined)
    .map((line) => `${line}\n`)
    .join('');
}

/** How many codes are named for `cab explain`. */
const namedCodes = 3;

/** Where more is said about what went wrong: once for all, dimmed, and only to who sits before it. */
function moreAbout(codes: readonly string[], { color }: Look): string | undefined {
  if (codes.length === 0) return undefined;
  const line = `for more: cab explain ${codes.slice(0, namedCodes).join(' ')}`;
  return color ? `\u001b[2m${line}\u001b[0m` : line;
}
