import assert from 'node:assert/strict';
import test from 'node:test';
import { wantsColor } from '../../src/cli/color.ts';

/** The environment, and whether there are colours on a terminal, and elsewhere. */
const cases: readonly (readonly [NodeJS.ProcessEnv, boolean, boolean])[] = [
  [{}, true, false],
  [{ TERM: 'xterm-256color' }, true, false],
  [{ TERM: 'dumb' }, false, false],
  [{ NO_COLOR: '1' }, false, false],
  [{ NO_COLOR: '' }, true, false],
  [{ CLICOLOR: '0' }, false, false],
  [{ CLICOLOR: '1' }, true, false],
  [{ CLICOLOR_FORCE: '1' }, true, true],
  [{ CLICOLOR_FORCE: '0' }, true, false],
  [{ FORCE_COLOR: '1' }, true, true],
  [{ FORCE_COLOR: '0' }, false, false],
  [{ FORCE_COLOR: 'false' }, false, false],
  [{ FORCE_COLOR: 'true', TERM: 'dumb' }, true, true],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, false],
  [{ CLICOLOR_FORCE: '1', NO_COLOR: '1' }, false, false],
];

for (const [environment, onTerminal, elsewhere] of cases) {
  test(`with ${JSON.stringify(environment)} a terminal gets ${onTerminal ? '' : 'no '}colours`, () => {
    assert.equal(wantsColor(environment, true), onTerminal);
    assert.equal(wantsColor(environment, false), elsewhere);
  });
}
