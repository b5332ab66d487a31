import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import * as fc from 'fast-check';
import {
  type Diagnostic,
  diagnosticToJson,
  type Label,
  renderDiagnostic,
  type Source,
} from '../../src/diagnostics/index.ts';
import { assertGolden } from '../support/golden.ts';
import { fuzzFactor } from '../support/random.ts';

const goldens = path.join(import.meta.dirname, 'goldens');

/** A label on the first place in the source where `text` stands; an empty text is the end. */
function on(source: Source, text: string, message: string): Label {
  const start = text === '' ? source.text.length : source.text.indexOf(text);
  assert.notEqual(start, -1);
  return { span: { source, start, end: start + text.length }, message };
}

function error(primary: Label, rest: Partial<Diagnostic> = {}): Diagnostic {
  return { code: 'CAB1101', severity: 'error', message: 'something is wrong', primary, ...rest };
}

const source: Source = {
  name: 'project/default.cab',
  text: 'let\n  a = 1,\n  b = a + c,\nin {\n  d = b,\n  e = [ a, b, ],\n}\n',
};
const other: Source = { name: 'library/x.cab', text: '{ c = 3, }\n' };

/** What is shown, by the name of its golden file. */
const cases: Readonly<Record<string, readonly [Diagnostic, number?]>> = {
  'one-place': [error(on(source, 'c,', "no 'c' here"))],
  'several-places': [
    error(on(source, 'a + c', 'here'), {
      labels: [
        on(source, 'a', 'first'),
        on(source, 'c,', 'same line'),
        on(source, 'e', 'far away'),
        on(other, 'c', 'another file'),
      ],
    }),
  ],
  'notes-trace-hint': [
    error(on(source, 'c,', 'here'), {
      notes: ['one line', 'the end of a log:\nfirst line\n\nlast line'],
      trace: [on(source, 'b,', "while evaluating 'b'"), on(other, 'c', "while evaluating 'c'")],
      hint: "did you mean 'source'?",
    }),
  ],
  'no-place': [
    { code: 'CAB5002', severity: 'warning', message: 'the disk is nearly full', hint: 'cab store collect' },
  ],
  'several-lines': [error(on(source, '{\n  d = b,\n  e = [ a, b, ],\n}', 'all of this'))],
  'end-of-file': [error(on(source, '', "expected '}'"))],
  'empty-file': [error(on({ name: 'empty.cab', text: '' }, '', 'nothing'))],
  tabs: [error(on({ name: 'tabs.cab', text: '\ta\t= 1,\n' }, '= 1', 'behind tabs'))],
  'wide-characters': [
    error(on({ name: 'wide.cab', text: '"界界 é e\u0301 👩‍👩‍👧 ✔" + a' }, 'a', 'behind wide ones')),
  ],
  'windows-line-ends': [error(on({ name: 'crlf.cab', text: 'a\r\nb +\r\nc' }, 'b +', 'here'))],
  'long-line': [
    error(on({ name: 'long.cab', text: `${'x'.repeat(3000)} needle ${'y'.repeat(3000)}` }, 'needle', 'here')),
    60,
  ],
  'long-line-at-its-start': [
    error(on({ name: 'long.cab', text: `needle ${'y'.repeat(300)}` }, 'needle', 'here')),
    60,
  ],
  'hostile-text': [
    error(
      on({ name: 'evil\u001b[2J.cab', text: '"\u001b[31m\u0007\u202e\u0000" a\n' }, 'a', 'label \u001b[0m'),
      {
        message: 'message \u001b]0;title\u0007 and\nline',
        notes: ['note \u001b[1m\u009b'],
        hint: 'hint \u0008',
      },
    ),
  ],
  'line-numbers-of-different-width': [
    error(on({ name: 'lines.cab', text: `first\n${'\n'.repeat(98)}last\n` }, 'last', 'here'), {
      labels: [on({ name: 'lines.cab', text: `first\n${'\n'.repeat(98)}last\n` }, 'first', 'there')],
    }),
  ],
};

for (const [name, [diagnostic, width]] of Object.entries(cases)) {
  test(`a diagnostic is rendered: ${name}`, async () => {
    const size = width === undefined ? {} : { width };
    const plain = renderDiagnostic(diagnostic, { color: false, ...size });
    await assertGolden(path.join(goldens, `${name}.txt`), `${plain}\n`);
    const coloured = renderDiagnostic(diagnostic, { color: true, ...size });
    assert.equal(coloured.replaceAll(/\u001b\[[0-9;]*m/g, ''), plain);
  });
}

test('colour marks severity, frame and remarks', async () => {
  const [diagnostic] = cases['notes-trace-hint'] ?? assert.fail();
  const text = renderDiagnostic({ ...diagnostic, labels: [on(source, 'a', 'first')] }, { color: true });
  await assertGolden(path.join(goldens, 'in-colour.txt'), `${text.replaceAll('\u001b', '␛')}\n`);
});

test('a line of ten megabytes is shown at once', () => {
  const text = `${'x'.repeat(5_000_000)} needle ${'é\t'.repeat(2_500_000)}`;
  const rendered = renderDiagnostic(error(on({ name: 'huge.cab', text }, 'needle', 'here')), {
    color: false,
  });
  assert.ok(rendered.length < 1000);
  assert.match(rendered, /needle/);
});

test('as JSON a diagnostic tells its places by offset, line, column and character', () => {
  const wide: Source = { name: 'wide.cab', text: '"😀" + lenght [ ]' };
  const diagnostic = error(on(source, 'c,', 'here'), {
    labels: [on(other, 'c', 'there')],
    trace: [on(wide, 'lenght', 'on the way')],
    hint: 'a hint',
    replacement: { span: on(wide, 'lenght', '').span, text: 'length' },
  });
  const inWide = {
    file: 'wide.cab',
    start: { offset: 7, line: 1, column: 7, character: 7 },
    end: { offset: 13, line: 1, column: 13, character: 13 },
  };
  assert.deepEqual(diagnosticToJson(diagnostic), {
    code: 'CAB1101',
    severity: 'error',
    message: 'something is wrong',
    primary: {
      file: 'project/default.cab',
      start: { offset: 23, line: 3, column: 11, character: 10 },
      end: { offset: 25, line: 3, column: 13, character: 12 },
      message: 'here',
    },
    labels: [
      {
        file: 'library/x.cab',
        start: { offset: 2, line: 1, column: 3, character: 2 },
        end: { offset: 3, line: 1, column: 4, character: 3 },
        message: 'there',
      },
    ],
    notes: [],
    trace: [{ ...inWide, message: 'on the way' }],
    hint: 'a hint',
    replacement: { ...inWide, text: 'length' },
  });
});

test('a diagnostic of any text with any places is rendered without a control character but its own colours', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
    fc.constantFrom(
      '\u001b[2J',
      '\u009b31m',
      '\r\n',
      '\t',
      '\n',
      '\u202e',
      '\u{e0041}',
      '\u00ad',
      '界',
      '👩‍👩‍👧',
      'e\u0301',
      '\ud800',
    ),
    fc.nat({ max: 3000 }).map((length) => 'x'.repeat(length)),
  );
  const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
  const anySource = fc.record({ name: text, text });
  const label = fc
    .tuple(anySource, fc.integer({ min: -5, max: 5000 }), fc.integer({ min: -5, max: 5000 }), text)
    .map(([where, start, end, message]): Label => ({ span: { source: where, start, end }, message }));
  const some = fc.array(label, { maxLength: 4 });
  const parts = fc.record({ message: text, primary: label, labels: some, trace: some, hint: text });
  const width = fc.integer({ min: 1, max: 300 });
  fc.assert(
    fc.property(parts, fc.array(text, { maxLength: 3 }), width, (given, notes, columns) => {
      const diagnostic: Diagnostic = { code: 'CAB1101', severity: 'error', notes, ...given };
      const plain = renderDiagnostic(diagnostic, { color: false, width: columns });
      assert.doesNotMatch(
        plain,
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u200b\u2028-\u202e\ud800-\udfff\u{e0000}-\u{e007f}]/u,
      );
      const coloured = renderDiagnostic(diagnostic, { color: true, width: columns });
      assert.equal(coloured.replaceAll(/\u001b\[[0-9;]*m/g, ''), plain);
      JSON.stringify(diagnosticToJson(diagnostic));
    }),
    { numRuns: 300 * fuzzFactor() },
  );
});
