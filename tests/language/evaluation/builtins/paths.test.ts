import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkError, evaluate } from '../check.ts';
import { MemoryWorld } from '../memory-world.ts';
import { errors, values } from './table.ts';

values('names of files', {
  'map baseName [ "", "/", "a", "/a/", "a//b//", ./x/y.c, ./., ]': '[ "", "", "a", "a", "b", "y.c", "", ]',
  'map directoryName [ "", "/", "a", "/a", "/a/", "a//b//", "a/b/c", ]':
    '[ ".", "/", ".", "/", "/", "a", "a/b", ]',
  'map directoryName [ ./x/y.c, ./x, ./., ]': '[ ./x, ., ., ]',
  'map fileExtension [ "a.", "a.b.c", ".a", ".a.b", "x.y/z", ./m.rs, ]': '[ "", "c", "", "b", "", "rs", ]',
  'map fileStem [ "a.", "a.b.c", ".a", ".a.b", "x.y/z", ./m.rs, ]': '[ "a", "a.b", ".a", ".a", "z", "m", ]',
  'map (relativePath ./a/b) [ ./a/b, ./a/b/c, ./a, ./a/bc, ./., ]': '[ ".", "c", "..", "../bc", "../..", ]',
  'relativePath <github:o/r> <github:o/r>/a/b': '"a/b"',
});

errors('paths that are none, or have nothing to do with each other', {
  'relativePath ./a <github:o/r>/a': { code: 'CAB2022', message: /different trees/ },
  'relativePath "a" ./b': 'CAB2016',
  'baseName 1': { code: 'CAB2004', message: /a path or a string/ },
  'directoryName { }': 'CAB2004',
});

const files = () => new MemoryWorld({ '/a/x.c': 'x', '/a/b/y.c': 'y', '/a/b/z.h': 'z', '/m': 'm' });

values(
  'what is in directories',
  {
    'readFileType ./a': '"directory"',
    'readFileType ./m': '"file"',
    'listFiles ./a': '[ ./a/b/y.c, ./a/b/z.h, ./a/x.c, ]',
    'length (listFiles ./.)': '4',
    'map readFile (filter (file => fileExtension file == "c") (listFiles ./a))': '[ "y", "x", ]',
  },
  files,
);

test('what is not there is told with its place', () => {
  checkError(
    'readFileType ./none',
    { code: 'CAB2016', at: 'readFileType ./none', hint: /pathExists/ },
    new MemoryWorld(),
  );
});

test('names of paths ask nothing of the world', () => {
  const world = files();
  const { evaluator, value } = evaluate(
    '[ (baseName ./q), (directoryName ./q/r), (relativePath ./q ./r), ]',
    world,
  );
  evaluator.forceDeep(value);
  assert.deepEqual(world.asked, []);
});
