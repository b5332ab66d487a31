import { type BuiltinDefinition, defineBuiltin } from '../builtin.ts';
import { anyTextOf } from '../expect.ts';
import { force } from '../thunk.ts';

const group = 'versions';

export const versionBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'compareVersions',
    group,
    signature: 'string -> string -> integer',
    description:
      'Below, at or above zero as the first version is older, the same or newer; numbers by size, and a word before a number.',
    example: { expression: 'compareVersions "1.9" "1.10"', result: '-1' },
    run: (site, left, right) =>
      compareVersions(
        anyTextOf(force(left), site, "the first version of 'compareVersions'"),
        anyTextOf(force(right), site, "the second version of 'compareVersions'"),
      ),
  }),
  defineBuiltin({
    name: 'parseVersion',
    group,
    signature: 'string -> [string]',
    description: 'The parts of a version: runs of digits and runs of letters, without what is between them.',
    example: { expression: 'parseVersion "1.10rc2"', result: '[ "1", "10", "rc", "2", ]' },
    run: (site, version) => partsOf(anyTextOf(force(version), site, "the argument of 'parseVersion'")),
  }),
];

function partsOf(version: string): readonly string[] {
  return version.match(/[0-9]+|[^0-9.\-_+~]+/g) ?? [];
}

/**
 * Part by part. A word is older than the end of the version, and that is older than a number, so that 1.0rc1 comes before
 * 1.0, and 1.0 before 1.0.1.
 */
function compareVersions(left: string, right: string): number {
  const [a, b] = [partsOf(left), partsOf(right)];
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = compareParts(a[index], b[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareParts(left: string | undefined, right: string | undefined): number {
  const rank = rankOf(left) - rankOf(right);
  if (rank !== 0) return Math.sign(rank);
  if (left === undefined || right === undefined) return 0;
  if (rankOf(left) === wordRank) return left < right ? -1 : left > right ? 1 : 0;
  const [a, b] = [BigInt(left), BigInt(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

const wordRank = 0;

function rankOf(part: string | undefined): number {
  if (part === undefined) return 1;
  return /^[0-9]/.test(part) ? 2 : wordRank;
}
