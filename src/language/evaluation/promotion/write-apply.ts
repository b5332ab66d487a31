import type { ApplyExpression, Expression } from '../../syntax/index.ts';
import type { BuiltinFunction } from '../builtin.ts';
import { chainOf, isMadeForCall, titleOf } from '../compile/apply.ts';
import type { Place } from './function-writer.ts';
import { KnownBuiltins } from './local-binding.ts';
import { partsOf } from './parts.ts';
import { writeArgument } from './write-later.ts';
import { writeValue } from './write-value.ts';

/** An argument that is not evaluated. Attributes and lists are made at once. */
function writeCallArgument(argument: Expression, place: Place): string {
  return isMadeForCall(argument) ? writeValue(argument, place) : writeArgument(argument, place);
}

const functions = ['', 'call', 'callTwo', 'callThree'];

export function writeApply(expression: ApplyExpression, place: Place): string {
  const { callee, calls } = chainOf(expression);
  const builtin = new KnownBuiltins(place.scope).of(callee);
  if (builtin?.definition.arity === calls.length) return writeBuiltin(builtin, callee, calls, place);
  const called: Called = {
    value: writeValue(callee, place),
    title: titleOf(callee, place.scope),
    isOwner: isOwner(callee, place),
  };
  return writeCalls(called, calls, place);
}

/** What is called: its value, how traces name it, and whether the text says that it is the function which is being written. */
interface Called {
  readonly value: string;
  readonly title: string;
  readonly isOwner: boolean;
}

function isOwner(callee: Expression, { scope, writer }: Place): boolean {
  const { owner } = writer.program;
  return (
    callee.kind === 'name' && owner !== undefined && scope.lambdaBoundTo(callee.name) === owner.expression
  );
}

/** A builtin gets evaluated what it evaluates first: it looks at that before it evaluates anything else. */
function writeBuiltin(
  { definition }: BuiltinFunction,
  callee: Expression,
  calls: readonly ApplyExpression[],
  place: Place,
): string {
  const { writer, scope } = place;
  const last = calls.at(-1) as ApplyExpression;
  const lastSite = scope.file.siteOf(last);
  const site = writer.program.constant(lastSite);
  const run = writer.program.constant(definition.run);
  return writer.with(calls.length + 1, (result = '', ...names) => {
    const values = calls.map(({ argument }, index) => {
      const value =
        index === definition.forces?.[0] ? writeValue(argument, place) : writeCallArgument(argument, place);
      return `${names[index] ?? ''} = ${value}, `;
    });
    const number = writer.site(lastSite, titleOf(callee, scope));
    return `(${values.join('')}s = ${number}, ${result} = ${run}(${[site, ...names].join(', ')}), s = ${writer.around}, ${result})`;
  });
}

/** How much an argument may consist of to be written twice: to be evaluated for the call, and to wait. */
const maximumParts = 10;

/** Whether the argument would wait, and is small. What is at hand needs no evaluation. */
function isWorthTrying(argument: Expression): boolean {
  return !isMadeForCall(argument) && argument.kind !== 'name' && countAll(argument, 0) <= maximumParts;
}

function countAll(expression: Expression, before: number): number {
  if (before > maximumParts) return before;
  const { evaluated, waiting } = partsOf(expression);
  return [...evaluated, ...waiting].reduce((count, part) => countAll(part, count), before + 1);
}

/** Calls with up to three arguments each, one after the other. */
function writeCalls(callee: Called, calls: readonly ApplyExpression[], place: Place): string {
  const { writer, scope } = place;
  const now = calls.slice(0, 3);
  const rest = calls.slice(3);
  const last = now.at(-1);
  const lastSite = scope.file.siteOf(last);
  const site = writer.program.constant(lastSite);
  const text = writer.with(now.length + 1, (called = '', ...names) => {
    const number = writer.site(lastSite, callee.title);
    const values = now.map(({ argument }, index) => {
      const name = names[index] ?? '';
      if (!isWorthTrying(argument)) return `${name} = ${writeCallArgument(argument, place)}, `;
      const evaluates = `${called} instanceof Lambda && ${called}.code.arity === ${now.length} && ${called}.applied === undefined && (${called}.code.evaluatedFirst & ${1 << index}) !== 0`;
      const value = writer.within(number, () => writer.branch(() => writeValue(argument, place)));
      const evaluated = `(s = ${number}, ${value})`;
      return `${name} = ${evaluates} ? ${evaluated} : ${writeCallArgument(argument, place)}, `;
    });
    const takesAll = `${called} instanceof Lambda && ${called}.code.arity === ${now.length}${now.length > 1 ? ` && ${called}.applied === undefined` : ''}`;
    const direct = `${called}.code.enter(${[`${called}.frame`, site, ...names].join(', ')})`;
    const own =
      callee.isOwner && place.writer.program.owner?.arity === now.length
        ? `${called} instanceof Lambda && ${called}.code === ${writer.program.constant(writer.program.owner)} && ${called}.applied === undefined ? enter(${[`${called}.frame`, site, ...names].join(', ')}) : `
        : '';
    const general = `${functions[now.length] ?? ''}(${[called, ...names, site].join(', ')})`;
    return `(${called} = ${callee.value}, ${values.join('')}s = ${number}, ${called} = ${own}${takesAll} ? ${direct} : ${general}, s = ${writer.around}, ${called})`;
  });
  return rest.length === 0 ? text : writeCalls({ ...callee, value: text, isOwner: false }, rest, place);
}
