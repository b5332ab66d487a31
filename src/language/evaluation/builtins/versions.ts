import { compareCodePoints } from '../../../foundation/index.ts';
import { type BuiltinDefinition, defineBuiltin } from '../builtin.ts';
import { Attributes } from '../attributes.ts';
import { anyTextOf } from '../expect.ts';
import { type Site, fault } from '../fault.ts';
import { force } from '../thunk.ts';
import type { Slot } from '../value.ts';

const group = 'versions';

export const versionBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'compareVersions',
    group,
    forces: [0, 1],
    signature: 'string -> string -> integer',
    description: 'Minus one, zero or one as the first version is older than the second, the same or newer.',
    details:
      'As in Nix: part by part as `parseVersion` gives them. Numbers go by size. The word `pre` is older than the end of a version, that is older than any other word, and a word is older than a number: `1.0pre` < `1.0` < `1.0a` < `1.0.1`.',
    example: { expression: 'compareVersions "1.9" "1.10"', result: '-1' },
    furtherExamples: [
      {
        expression: 'sort (a => b => compareVersions a b < 0) [ "1.0.1", "1.0", "1.0a", "1.0pre", ]',
        result: '[ "1.0pre", "1.0", "1.0a", "1.0.1", ]',
      },
    ],
    run: (site, left, right) =>
      compareVersions(
        versionOf(left, site, "the first version of 'compareVersions'"),
        versionOf(right, site, "the second version of 'compareVersions'"),
      ),
  }),
  defineBuiltin({
    name: 'atLeastVersion',
    group,
    forces: [1, 0],
    signature: 'string -> string -> boolean',
    description: 'Whether the second version is the first or newer, by compareVersions.',
    example: { expression: 'atLeastVersion "1.9" "1.10"', result: 'true' },
    run: (site, least, version) =>
      compareVersions(
        versionOf(version, site, "the second version of 'atLeastVersion'"),
        versionOf(least, site, "the first version of 'atLeastVersion'"),
      ) >= 0,
  }),
  defineBuiltin({
    name: 'olderThanVersion',
    group,
    signature: 'string -> string -> boolean',
    description: 'Whether the second version is older than the first, by compareVersions.',
    example: { expression: 'olderThanVersion "2.0" "1.10"', result: 'true' },
    forces: [1, 0],
    run: (site, bound, version) =>
      compareVersions(
        versionOf(version, site, "the second version of 'olderThanVersion'"),
        versionOf(bound, site, "the first version of 'olderThanVersion'"),
      ) < 0,
  }),
  defineBuiltin({
    name: 'parseVersion',
    group,
    signature: 'string -> [string]',
    description: 'The parts of a version: runs of digits, and runs of what is neither a digit nor . or -.',
    example: { expression: 'parseVersion "1.10rc2"', result: '[ "1", "10", "rc", "2", ]' },
    forces: [0],
    run: (site, version) => partsOf(versionOf(version, site, "the argument of 'parseVersion'")),
  }),
  defineBuiltin({
    name: 'majorVersion',
    group,
    signature: 'string -> string',
    description: 'The first part of a version.',
    example: { expression: 'majorVersion "3.13.1"', result: '"3"' },
    forces: [0],
    run: (site, version) => partAt(version, 0, 'majorVersion', site),
  }),
  defineBuiltin({
    name: 'minorVersion',
    group,
    signature: 'string -> string',
    description: 'The second part of a version.',
    example: { expression: 'minorVersion "3.13.1"', result: '"13"' },
    forces: [0],
    run: (site, version) => partAt(version, 1, 'minorVersion', site),
  }),
  defineBuiltin({
    name: 'patchVersion',
    group,
    signature: 'string -> string',
    description: 'The third part of a version.',
    example: { expression: 'patchVersion "3.13.1"', result: '"1"' },
    forces: [0],
    run: (site, version) => partAt(version, 2, 'patchVersion', site),
  }),
  defineBuiltin({
    name: 'majorMinorVersion',
    group,
    signature: 'string -> string',
    description: 'The first two parts of a version, with a dot between them.',
    example: { expression: 'majorMinorVersion "3.13.1"', result: '"3.13"' },
    forces: [0],
    run: (site, version) =>
      `${partAt(version, 0, 'majorMinorVersion', site)}.${partAt(version, 1, 'majorMinorVersion', site)}`,
  }),
  defineBuiltin({
    name: 'parsePackageName',
    group,
    signature: 'string -> { name : string, version : string }',
    description: 'A name and the version behind it, which begins at the first - that no letter follows.',
    example: {
      expression: 'parsePackageName "python-tools-1.2"',
      result: '{ name = "python-tools", version = "1.2", }',
    },
    forces: [0],
    run: (site, name) => {
      const text = versionOf(name, site, "the argument of 'parsePackageName'");
      const at = text.search(/-[^A-Za-z]/);
      return Attributes.fromMap(
        new Map([
          ['name', at < 0 ? text : text.slice(0, at)],
          ['version', at < 0 ? '' : text.slice(at + 1)],
        ]),
      );
    },
  }),
];

function versionOf(slot: Slot, site: Site, what: string): string {
  return anyTextOf(force(slot), site, what);
}

function partsOf(version: string): readonly string[] {
  return version.match(/[0-9]+|[^0-9.-]+/g) ?? [];
}

function partAt(version: Slot, index: number, name: string, site: Site): string {
  const text = versionOf(version, site, `the argument of '${name}'`);
  const parts = partsOf(text);
  const part = parts[index];
  if (part !== undefined) return part;
  throw fault(site.span, 'CAB2022', `the version "${text}" has no part for '${name}'`, {
    notes: [`its parts are ${parts.length === 0 ? 'none' : parts.join(', ')}`],
    hint: 'parseVersion gives all parts that there are',
  });
}

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
  if (rankOf(left) !== numberRank) return Math.sign(compareCodePoints(left, right));
  const [a, b] = [BigInt(left), BigInt(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

const numberRank = 3;

/** `pre`, then the end of the version, then other words, then numbers. */
function rankOf(part: string | undefined): number {
  if (part === undefined) return 1;
  if (part === 'pre') return 0;
  return /^[0-9]/.test(part) ? numberRank : 2;
}
