import { type CabEvent, unreachable } from '../../foundation/index.ts';
import { shownSize } from '../sizes.ts';

/** What a line of the plain report says of an event, or undefined where it needs none. */
export function lineOf(event: CabEvent): string | undefined {
  switch (event.type) {
    case 'build-started':
      return `realize  ${nameWithPlace(event)}`;
    case 'build-log':
      return `${event.name}> ${printable(event.line)}`;
    case 'build-claimed':
      return `claim    ${event.name} ${event.claim}${event.known ? ' (known)' : ''}`;
    case 'build-finished':
      return `${wordFor(event.outcome)} ${event.name} in ${seconds(event.durationMs)}`;
    case 'island-pinned':
      return `pinned   ${event.island} ${pinText(event.pins)}`;
    case 'island-moved':
      return `moved    ${event.island} ${moveText(event.before, event.after)}`;
    case 'island-unchanged':
      return `same     ${event.island}`;
    case 'island-dropped':
      return `dropped  ${event.island}`;
    case 'island-read-whole':
      return `whole    ${event.island}: its origin gives no parts of it`;
    case 'outputs-moved':
      return `sent     ${event.from} → ${event.to}: ${amounts(event)}${event.way === 'direct' ? ', directly' : ''}`;
    case 'realizer-lost':
      return `lost     ${event.realizer}: ${event.why}; its builds wait for it, up to ${seconds(event.waitMs)}`;
    case 'trace':
      return `trace    ${printable(event.text)}`;
    case 'failure-told':
      return leftOutText(event.leftOut);
    case 'diagnostic':
      return undefined;
    default:
      return unreachable(event);
  }
}

/** A derivation, and where it is realized unless that is this process. */
export function nameWithPlace({
  name,
  realizer,
}: {
  readonly name: string;
  readonly realizer: string;
}): string {
  return realizer === ownRealizer ? name : `${name} on ${realizer}`;
}

/** What the realizer in this process is called. */
const ownRealizer = 'embedded';

/** Control characters made visible, so that no log can steer the terminal. */
export function printable(text: string): string {
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

function leftOutText(count: number): string | undefined {
  if (count === 0) return undefined;
  const errors = count === 1 ? 'one more error is' : `${count} more errors are`;
  return `${errors} not shown; --max-errors=0 shows all`;
}

function amounts({ outputs, bytes }: { readonly outputs: number; readonly bytes: number }): string {
  return `${outputs} ${outputs === 1 ? 'output' : 'outputs'}, ${shownSize(bytes)}`;
}

function wordFor(outcome: 'built' | 'known' | 'failed'): string {
  return { built: 'built   ', known: 'known   ', failed: 'failed  ' }[outcome];
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(durationMs < 10_000 ? 2 : 0)} s`;
}

function pinText(pins: Readonly<Record<string, string>>): string {
  const [format = '', value = ''] = Object.entries(pins).toSorted(byInterest)[0] ?? [];
  return `${format}:${shorten(value)}`;
}

function moveText(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): string {
  const moved = Object.keys({ ...before, ...after }).filter((format) => before[format] !== after[format]);
  const [format = ''] = moved.toSorted((a, b) => interest(a) - interest(b));
  return `${format}:${shorten(before[format] ?? 'nothing')} → ${format}:${shorten(after[format] ?? 'nothing')}`;
}

/** The revision says more to a reader than a hash does. */
function interest(format: string): number {
  const order = ['git', 'etag', 'git-tree'];
  return order.includes(format) ? order.indexOf(format) : order.length;
}

function byInterest([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return interest(a) - interest(b);
}

function shorten(value: string): string {
  return /^[0-9a-f]{40,}$/.test(value) ? value.slice(0, 12) : value;
}
