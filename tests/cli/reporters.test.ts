import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { CabEvent } from '../../src/foundation/index.ts';
import { type LogFormat, makeReporter } from '../../src/cli/reporters/index.ts';

const started = { type: 'build-started', derivation: 'd', name: 'hello' } as const;
const moved = {
  type: 'outputs-moved',
  from: 'small',
  to: 'big',
  outputs: 3,
  bytes: 5_242_880,
  way: 'direct',
} as const;

function written(format: LogFormat, events: readonly CabEvent[]): string {
  let text = '';
  const reporter = makeReporter(format, { color: false, width: () => undefined }, (more) => (text += more));
  for (const event of events) reporter.report(event);
  reporter.close();
  return text;
}

test('a line says where something is realized, unless that is here', () => {
  const events = [
    { ...started, realizer: 'big' },
    { ...started, realizer: 'embedded' },
  ];
  assert.equal(written('plain', events), 'realize  hello on big\nrealize  hello\n');
});

test('a line says what went where, how much it was, and whether past the client', () => {
  const through = { ...moved, outputs: 1, bytes: 12, to: 'embedded', way: 'through-client' } as const;
  assert.equal(
    written('plain', [moved, through]),
    'sent     small → big: 3 outputs, 5.0 MiB, directly\nsent     small → embedded: 1 output, 12 B\n',
  );
});

test('a line says which realizer is lost, and how long it is waited for', () => {
  const lost = { type: 'realizer-lost', realizer: 'big', why: 'connection refused', waitMs: 60_000 } as const;
  assert.equal(
    written('plain', [lost]),
    'lost     big: connection refused; its builds wait for it, up to 60 s\n',
  );
});

test('at a terminal what runs is named with where it does, and moves stay on the screen', () => {
  const text = written('terminal', [{ ...started, realizer: 'big' }, moved]);
  assert.match(text, /… hello on big/);
  assert.match(text, /sent {5}small → big: 3 outputs, 5\.0 MiB, directly\n/);
});

test('as JSON an event is as it is', () => {
  assert.deepEqual(JSON.parse(written('json', [moved])), moved);
});

test('each event and each of its fields is documented', async () => {
  const source = await readFile(new URL('../../src/foundation/event.ts', import.meta.url), 'utf8');
  const page = await readFile(new URL('../../docs/reference/events-json.md', import.meta.url), 'utf8');
  const cases = source.slice(source.indexOf('export type CabEvent')).split('readonly type: ').slice(1);
  assert.ok(cases.length > 10);
  for (const text of cases) {
    const [, type = ''] = /^'([a-z-]+)'/.exec(text) ?? [];
    const row = page.split('\n').find((line) => line.startsWith(`| \`${type}\` `));
    assert.ok(row !== undefined, `${type} is documented`);
    for (const [, field] of text.split('}')[0]?.matchAll(/readonly ([A-Za-z]+):/g) ?? [])
      assert.ok(row.includes(`\`${field}\``), `${field} of ${type} is documented`);
  }
});
