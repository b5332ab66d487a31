import { renderDiagnostic } from '../../diagnostics/index.ts';
import type { CabEvent } from '../../foundation/index.ts';
import { lineOf, printable } from './lines.ts';
import type { Reporter, Write } from './reporter.ts';

const clearLine = '\r\x1b[2K';

/** How much of a line the running builds may take, in characters. */
const statusWidth = 78;

/** For people: what is under way on one line that is written anew, and above it what is worth keeping. */
export function terminalReporter(write: Write): Reporter {
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
      if (event.type === 'build-started') running.set(event.derivation, event.name);
      if (event.type === 'build-finished') running.delete(event.derivation);
      if (event.type === 'build-started' || event.type === 'build-finished') lastLog = '';
      if (event.type === 'build-log') lastLog = printable(event.line);
      const kept = keep(event);
      if (kept !== undefined) write(`${kept}\n`);
      show();
    },
    close: hide,
  };
}

/** What of an event stays on the screen. */
function keep(event: CabEvent): string | undefined {
  if (event.type === 'diagnostic') return renderDiagnostic(event.diagnostic, { color: true });
  const silent = ['build-started', 'build-log', 'build-claimed'].includes(event.type);
  return silent ? undefined : lineOf(event);
}
