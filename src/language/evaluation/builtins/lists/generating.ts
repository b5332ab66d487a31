import { normaliseInteger } from '../../arithmetic.ts';
import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { callLater } from '../../call.ts';
import { countOf, functionOf, integerOf } from '../../expect.ts';
import { type Site, fault } from '../../fault.ts';
import { force } from '../../thunk.ts';
import type { List, Slot } from '../../value.ts';
import { generatedLengthLimit } from '../limits.ts';

const group = 'lists';

/** Lists made of numbers alone. */
export const generatingBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'generateList',
    group,
    forces: [0, 1],
    signature: '(integer -> a) -> integer -> [a]',
    description: 'A list of so many elements, each of which the function gives for its index.',
    example: { expression: 'generateList (i => i * i) 4', result: '[ 0, 1, 4, 9, ]' },
    run: (site, generate, length) => {
      const callee = functionOf(force(generate), site, "the function of 'generateList'");
      const size = countOf(force(length), site, "the length of 'generateList'", generatedLengthLimit);
      // oxlint-disable-next-line unicorn/no-new-array -- An array that grows costs more than what is put into it.
      const elements = new Array<Slot>(size);
      for (let index = 0; index < size; index++) elements[index] = callLater(callee, index, site);
      return elements;
    },
  }),
  defineBuiltin({
    name: 'range',
    group,
    forces: [0, 1],
    signature: 'integer -> integer -> [integer]',
    description: 'The integers from the first to the last, both included.',
    example: { expression: 'range 1 4', result: '[ 1, 2, 3, 4, ]' },
    run: (site, first, last) => {
      const [from, to] = [
        integerOf(force(first), site, "the start of 'range'"),
        integerOf(force(last), site, "the end of 'range'"),
      ];
      if (typeof from === 'number' && typeof to === 'number' && to - from < generatedLengthLimit) {
        const integers: number[] = [];
        for (let integer = from; integer <= to; integer++) integers.push(integer);
        return integers;
      }
      return largeRange(BigInt(from), BigInt(to), site);
    },
  }),
];

function largeRange(from: bigint, to: bigint, site: Site): List {
  if (to - from >= generatedLengthLimit) {
    throw fault(site.span, 'CAB2022', `'range' makes at most ${generatedLengthLimit} elements`);
  }
  const length = to < from ? 0 : Number(to - from) + 1;
  return Array.from({ length }, (_, index) => normaliseInteger(from + BigInt(index)));
}
