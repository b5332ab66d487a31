import { unreachable } from '../../../foundation/index.ts';
import type { LogRecord } from '../log.ts';
import type { Observe, ServerEvent } from './server-event.ts';

export type LogFormat = 'json' | 'plain';

export interface LogOptions {
  readonly format: LogFormat;
  /** Whether faults show their stacks. */
  readonly stacks: boolean;
  /** The time in milliseconds since 1970. */
  readonly now: () => number;
  readonly write: (line: string) => void;
}

/** Writes a line for each event: JSON for machines, or plain for people. */
export function logTo({ format, stacks, now, write }: LogOptions): Observe {
  return (event) => {
    const { level, event: name, facts } = recordOf(event, stacks);
    const time = new Date(now()).toISOString();
    if (format === 'json')
      write(`{"time":"${time}","level":"${level}","event":"${name}"${jsonFacts(facts)}}\n`);
    else write(`${time.slice(11, 19)} ${level.padEnd(7)} ${name}${plainFacts(facts)}\n`);
  };
}

/** What is told of an event. */
function recordOf(event: ServerEvent, stacks: boolean): LogRecord {
  switch (event.type) {
    case 'noted':
      return withoutStack(event.record, stacks);
    case 'fault':
      return {
        level: 'error',
        event: 'fault',
        facts: { where: event.where, error: errorText(event.error, stacks) },
      };
    case 'call-ended':
      return recordWith(faultStatuses.has(event.status) ? 'error' : 'info', event);
    case 'warning':
    case 'no-room':
    case 'reload-failed':
      return recordWith('warning', event);
    case 'listening':
    case 'action-queued':
    case 'action-started':
    case 'action-ended':
    case 'claim-known':
    case 'collected':
    case 'asset-fetched':
    case 'clients-reloaded':
    case 'draining':
    case 'drained':
    case 'closed':
      return recordWith('info', event);
    default:
      return unreachable(event);
  }
}

/** Statuses that are the server's own doing. */
const faultStatuses: ReadonlySet<string> = new Set(['INTERNAL', 'UNKNOWN', 'DATA_LOSS']);

function recordWith(level: LogRecord['level'], { type, ...facts }: ServerEvent): LogRecord {
  // What is undefined is left out where it is rendered.
  return { level, event: type, facts: facts as LogRecord['facts'] };
}

function withoutStack(record: LogRecord, stacks: boolean): LogRecord {
  const { error } = record.facts;
  if (stacks || typeof error !== 'string') return record;
  return { ...record, facts: { ...record.facts, error: errorText(error, stacks) } };
}

/** A stack names files of this machine, and is for whoever mends Cab. */
function errorText(error: unknown, stacks: boolean): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return stacks ? text : (text.split('\n')[0] ?? text);
}

type Fact = LogRecord['facts'][string];

/** Numbers with one digit behind the point, which is more than anybody reads of milliseconds. */
function rounded(value: Fact): Fact {
  return typeof value === 'number' ? Math.round(value * 10) / 10 : value;
}

/** As in `,"client":"ci","status":"OK"`: each call has a line, and an object for it would take longer than the line. */
function jsonFacts(facts: LogRecord['facts']): string {
  let text = '';
  for (const name of Object.keys(facts)) {
    const value = facts[name];
    if (value !== undefined) text += `,"${name}":${JSON.stringify(rounded(value))}`;
  }
  return text;
}

/** As in ` client=ci status=OK`; a text with a space or a control character in it is quoted. */
function plainFacts(facts: LogRecord['facts']): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const text = String(rounded(value));
      return ` ${name}=${/^[\x21-\x7e]+$/.test(text) ? text : JSON.stringify(text)}`;
    })
    .join('');
}
