/** How many rounds of effects programs take: what is needed for sure is asked for in one round. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EffectNeeded, Evaluator, type TreePath } from '../../../src/language/evaluation/index.ts';
import { MemoryWorld } from './memory-world.ts';

/** A world whose files, but for `default.cab`, are there only in the round after they were first asked for. */
class RoundsWorld extends MemoryWorld {
  readonly #there = new Set(['/default.cab']);
  readonly #wanted = new Set<string>();

  /** How often something was read that was not there. */
  tries = 0;

  override readFile(place: TreePath): Uint8Array {
    if (this.#there.has(place.path)) return super.readFile(place);
    this.#wanted.add(place.path);
    this.tries++;
    throw new EffectNeeded(place.path);
  }

  /** What was asked for arrives. Tells how many files that were. */
  nextRound(): number {
    const count = this.#wanted.size;
    for (const path of this.#wanted) this.#there.add(path);
    this.#wanted.clear();
    return count;
  }
}

interface Evaluated {
  readonly value: string;
  /** How many files arrived in each round. */
  readonly rounds: readonly number[];
  readonly traced: readonly string[];
}

function evaluate(expression: string, files: Readonly<Record<string, string>>): Evaluated {
  const world = new RoundsWorld({ '/default.cab': expression, ...files });
  const evaluator = new Evaluator(world);
  const rounds: number[] = [];
  for (;;) {
    try {
      const value = evaluator.forceDeep(evaluator.evaluateFile({ root: world.root, path: '/' }));
      return { value: evaluator.show(value), rounds, traced: world.traced };
    } catch (error) {
      if (!(error instanceof EffectNeeded)) throw error;
      const count = world.nextRound();
      assert.ok(count > 0, 'an effect is needed again that has happened');
      rounds.push(count);
    }
  }
}

/** So many files that hold their numbers, as the variable `files`, and each as `./f0` and so on. */
function withFiles(count: number, expression: string): Evaluated {
  const numbers = Array.from({ length: count }, (_, index) => index);
  const files = Object.fromEntries(numbers.map((number) => [`/f${number}`, String(number)]));
  const list = numbers.map((number) => `./f${number},`).join(' ');
  const text = `let files = [ ${list} ], read = file => toInteger (readFile file), in ${expression}`;
  return evaluate(text, files);
}

const evens = '[ ./f0, ./f2, ./f4, ./f6, ]';

/** Programs that read eight files in one round, and what they come to. */
const together: Readonly<Record<string, readonly [expression: string, value: string]>> = {
  'elements of a list': ['map read files', '[ 0, 1, 2, 3, 4, 5, 6, 7, ]'],
  'attributes, however deep': [
    '{ a = read ./f0, b = { c = read ./f1, d = [ read ./f2, { e = map read (drop 3 files), }, ], }, }',
    '{ a = 0, b = { c = 1, d = [ 2, { e = [ 3, 4, 5, 6, 7, ], }, ], }, }',
  ],
  'parts of a text': [
    '"\\(readFile ./f0)\\(readFile ./f1)\\(readFile ./f2)\\(join "" (map readFile (drop 3 files)))"',
    '"01234567"',
  ],
  'operands of +': [
    'read ./f0 + read ./f1 + (read ./f2 + read ./f3) + (read ./f4 + (read ./f5 + (read ./f6 + read ./f7)))',
    '28',
  ],
  'operands of - * and /': [
    '(read ./f1 - read ./f0) * (read ./f2 - read ./f3) / (read ./f4 - read ./f5) + read ./f6 * read ./f7',
    '43',
  ],
  'operands of ++': [
    '(if read ./f0 + read ./f1 == 1 then [ 0, 1, ] else [ ]) ++ (if read ./f2 + read ./f3 == 5 then [ 2, 3, ] else [ ]) ++ (if read ./f4 + read ./f5 + read ./f6 + read ./f7 == 22 then [ 4, ] else [ ])',
    '[ 0, 1, 2, 3, 4, ]',
  ],
  'operands of //': [
    `(if read ./f0 + read ./f1 == 1 then { list = [ 0, 1, ], } else { }) // (if read ./f2 + read ./f3 == 5 then { a = 1, } else { }) // (if read ./f4 + read ./f5 + read ./f6 + read ./f7 == 22 then { b = 2, } else { })`,
    '{ a = 1, b = 2, list = [ 0, 1, ], }',
  ],
  'operands of comparisons': [
    '[ read ./f0 == read ./f1, read ./f2 != read ./f3, read ./f4 < read ./f5, read ./f6 >= read ./f7, ]',
    '[ false, true, true, false, ]',
  ],
  'elements that are compared': [
    '[ [ read ./f0, ] == [ read ./f1, ], { a = read ./f2, } == { a = read ./f3, }, [ read ./f4, ] < [ read ./f5, ], [ read ./f6, ] == [ read ./f7, ], ]',
    '[ false, false, true, false, ]',
  ],
  'arguments of an own function': [
    '(a => b => c => d => a + b * c - d) (read ./f0) (read ./f1 + read ./f2) (read ./f3 + read ./f4) (read ./f5 + read ./f6 + read ./f7)',
    '3',
  ],
  'elements of foldLeft': ['foldLeft (sum => file => sum + read file) 0 files', '28'],
  'elements of foldLeft, by a function that calls another': [
    'let add = sum => file => let text = read file, in text + sum, in foldLeft (sum => file => add sum file) 0 files',
    '28',
  ],
  'elements of foldRight': ['foldRight (file => sum => read file + sum) 0 files', '28'],
  'conditions of filter': ['map read (filter (file => read file > 3) files)', '[ 4, 5, 6, 7, ]'],
  'conditions of partition': [
    'mapAttributes (name => map read) (partition (file => read file > 3) files)',
    '{ right = [ 4, 5, 6, 7, ], wrong = [ 0, 1, 2, 3, ], }',
  ],
  'names of groupBy': [
    'mapAttributes (name => length) (groupBy (file => "n\\(toString (read file / 3))") files)',
    '{ n0 = 3, n1 = 3, n2 = 2, }',
  ],
  'keys of sort': ['map read (sort (a => b => read a > read b) files)', '[ 7, 6, 5, 4, 3, 2, 1, 0, ]'],
  'elements of unique': ['unique (map (file => read file / 4) files)', '[ 0, 1, ]'],
  'elements of minimum and maximum': [
    `[ minimum (map read (take 4 files)), maximum (map read (drop 4 files)), ]`,
    '[ 0, 7, ]',
  ],
  'lists of concatMap': ['concatMap (file => [ read file, ]) files', '[ 0, 1, 2, 3, 4, 5, 6, 7, ]'],
  'names of attributesFromList': [
    'attributeNames (attributesFromList (map (file => { name = readFile file, value = 1, }) files))',
    '[ "0", "1", "2", "3", "4", "5", "6", "7", ]',
  ],
  'conditions of filterAttributes': [
    'attributeNames (filterAttributes (name => file => read file > 3) { a = ./f0, b = ./f1, c = ./f2, d = ./f3, e = ./f4, f = ./f5, g = ./f6, h = ./f7, })',
    '[ "e", "f", "g", "h", ]',
  ],
  'what genericClosure starts with, and goes on with': [
    `map (x => x.key) (genericClosure { startSet = map (file => { file, key = read file, }) ${evens}, operator = x => [ { file = x.file, key = read ./f1 + read ./f3 + read ./f5 + read ./f7, }, ], })`,
    '[ 0, 2, 4, 6, 16, ]',
  ],
  'arguments of builtins': [
    '[ startsWith (readFile ./f0) (readFile ./f1), elementAt (read ./f2) (if read ./f3 == 3 then [ 0, 1, 2, ] else [ ]), compareVersions (readFile ./f4) (readFile ./f5), bitAnd (read ./f6) (read ./f7), ]',
    '[ false, 2, -1, 6, ]',
  ],
  'arguments of further builtins': [
    '[ atLeastVersion (readFile ./f0) (readFile ./f1), shiftLeft (read ./f2) (read ./f3), length (splitMatches (readFile ./f4) (readFile ./f5)), indent (readFile ./f6) (readFile ./f7), ]',
    '[ true, 12, 1, "67", ]',
  ],
  'conditions of count': ['count (file => read file > 3) files', '4'],
  'keys of sortOn': ['map read (sortOn (file => -(read file)) files)', '[ 7, 6, 5, 4, 3, 2, 1, 0, ]'],
  'numbers of sum': ['sum (map read files)', '28'],
  'elements of lists as sets': [
    'intersectLists (map read (take 4 files)) [ 3, ] ++ subtractLists [ 4, 5, ] (map read (drop 4 files))',
    '[ 3, 6, 7, ]',
  ],
  'attributes of foldAttributes': [
    'foldAttributes (sum => name => file => sum + read file) 0 (attributesFromNames (name => elementAt (toInteger name) files) (map toString (range 0 7)))',
    '28',
  ],
  'attributes of concatMapAttributes': [
    'attributeNames (concatMapAttributes (name => file => { `\\(readFile file)` = 1, }) (attributesFromNames (name => elementAt (toInteger name) files) (map toString (range 0 7))))',
    '[ "0", "1", "2", "3", "4", "5", "6", "7", ]',
  ],
  'what is put in the place of matches': [
    'replaceMatches "." (found => toString (read (elementAt (toInteger found.text) files) + 1)) "01234567"',
    '"12345678"',
  ],
  'what is written as YAML': ['stringLength (toYaml { all = map read files, })', '53'],
  'parts of a derivation': [
    'derivation { name = "a\\(readFile ./f0)", builder = "/b\\(readFile ./f1)", arguments = map readFile [ ./f2, ./f3, ], environment = { a = readFile ./f4, b = readFile ./f5, }, requiredRealizerFeatures = map readFile [ ./f6, ./f7, ], }',
    '«derivation a0»',
  ],
  'a recursion over a list': [
    'let sumOf = list => if list == [ ] then 0 else read (head list) + sumOf (tail list), in sumOf files',
    '28',
  ],
};

describe('all are asked for in one round that are', () => {
  for (const [title, [expression, value]] of Object.entries(together)) {
    test(title, () => {
      const evaluated = withFiles(8, expression);
      assert.equal(evaluated.value, value);
      // Genuinely chained is only what goes on with what others came to.
      const expected = title.includes('goes on') ? [4, 4] : [8];
      assert.deepEqual(evaluated.rounds, expected);
    });
  }
});

test('what one element decides for the next is asked for one after the other', () => {
  assert.deepEqual(withFiles(8, 'any (file => read file > 2) files').rounds, [1, 1, 1, 1]);
  assert.deepEqual(withFiles(8, 'all (file => read file < 2) files').rounds, [1, 1, 1]);
  assert.deepEqual(withFiles(8, 'read ./f0 > 0 && read ./f1 > 0').rounds, [1]);
  assert.deepEqual(withFiles(8, 'if read ./f0 == 0 then read ./f1 else read ./f2').rounds, [1, 1]);
  assert.deepEqual(withFiles(8, 'contains 2 (map read files)').rounds, [1, 1, 1]);
});

test('a hundred chains of three readings take three rounds', () => {
  const files: Record<string, string> = {};
  for (let index = 0; index < 100; index++) {
    files[`/a${index}.cab`] = `import ./b${index}.cab + 1`;
    files[`/b${index}.cab`] = `toInteger (readFile ./c${index}) * 2`;
    files[`/c${index}`] = String(index);
  }
  const list = Array.from({ length: 100 }, (_, index) => `(import ./a${index}.cab)`).join(' + ');
  assert.deepEqual(evaluate(list, files), { value: '10000', rounds: [100, 100, 100], traced: [] });
});

test('functions that are called often ask for as much at once as others', () => {
  for (const expression of [
    'foldLeft (sum => file => sum + read file) 0 files',
    'let add = a => b => a + b, in foldLeft (sum => file => add sum (read file)) 0 files',
    'length (filter (file => read file >= 0) files)',
  ]) {
    const { rounds } = withFiles(1000, expression);
    assert.ok(rounds.length <= 3, `${expression} took the rounds ${rounds.join(', ')}`);
    assert.ok((rounds[0] ?? 0) >= 900, `${expression} took the rounds ${rounds.join(', ')}`);
  }
});

test('a function that computes is fast again after it has waited for an effect', () => {
  const { value } = withFiles(
    2,
    'let count = n => if n == 0 then read ./f1 else count (n - 1), in foldLeft (sum => n => sum + count 1000) 0 (range 1 300)',
  );
  assert.equal(value, '300');
});

test('where all wait for one and the same effect, not all of them are tried', () => {
  const world = new RoundsWorld({
    '/default.cab':
      'let wanted = toInteger (readFile ./wanted), in foldLeft (sum => n => sum + length (filter (m => m == wanted) (range 1 1000))) 0 (range 1 1000)',
    '/wanted': '7',
  });
  const evaluator = new Evaluator(world);
  const attempt = () => evaluator.evaluateFile({ root: world.root, path: '/' });
  assert.throws(attempt, EffectNeeded);
  const tries = world.tries;
  assert.ok(tries > 1 && tries < 1000, `it was tried ${tries} times`);
  world.nextRound();
  assert.equal(attempt(), 1000);
});

test('an error is the one of the first operand, though a later one asked before', () => {
  const expression = 'throw "left \\(readFile ./f0)" + throw "right \\(readFile ./f1)"';
  assert.throws(() => withFiles(2, expression), /left 0/);
});

test('a trace of what is tried ahead is printed once', () => {
  const { traced } = withFiles(
    3,
    'foldLeft (sum => file => sum + trace "at \\(readFile file)" (read file)) 0 files + trace "right" 1',
  );
  assert.deepEqual(traced.toSorted(), ['at 0', 'at 1', 'at 2', 'right']);
});

test('tryEvaluate does not take what is tried ahead for a failure', () => {
  const { value } = withFiles(
    2,
    '(tryEvaluate (foldLeft (sum => file => if sum > 0 then throw "no" else sum + read file) 0 files)).success',
  );
  assert.equal(value, 'true');
});
