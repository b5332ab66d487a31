import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { builtinDefinitions } from '../../../src/language/evaluation/index.ts';
import { assertGolden } from '../../support/golden.ts';
import { renderReference } from './reference.ts';

const docs = fileURLToPath(new URL('../../../docs/reference/', import.meta.url));

test('the reference of builtins says what is said beside their implementation', async () => {
  await assertGolden(path.join(docs, 'builtins.md'), await renderReference(builtinDefinitions));
});
