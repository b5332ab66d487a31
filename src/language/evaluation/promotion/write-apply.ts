import type { ApplyExpression, Expression } from '../../syntax/index.ts';
import type { BuiltinFunction } from '../builtin.ts';
import { chainOf, titleOf } from '../compile/apply.ts';
import type { Place } from './function-writer.ts';
import { KnownBuiltins } from './local-binding.ts';
import { writeArgument } from './write-later.ts';
import { writeValue } from './write-value.ts';

const functions = ['', 'call', 'callTwo', 'callThree'];

export function writeApply(expression: ApplyExpression, place: Place): string {
  const { callee, calls } = chainOf(expression);
  const builtin = new KnownBuiltins(place.scope).of(callee);
  if (builtin?.definition.arity === calls.length) return writeBuiltin(builtin, callee, calls, place);
  return writeCalls(writeValue(callee, place), titleOf(callee, place.scope), calls, place);
}

/** A builtin gets evaluated what it evaluates in any case. */
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
      const isForced = definition.forces?.includes(index) ?? false;
      const value = isForced ? writeValue(argument, place) : writeArgument(argument, place);
      return `${names[index] ?? ''} = ${value}, `;
    });
    const number = writer.site(lastSite, titleOf(callee, scope));
    return `(${values.join('')}s = ${number}, ${result} = ${run}(${[site, ...names].join(', ')}), s = 0, ${result})`;
  });
}

/** Calls with up to three arguments each, one after the other. */
function writeCalls(callee: string, title: string, calls: readonly ApplyExpression[], place: Place): string {
  const { writer, scope } = place;
  const now = calls.slice(0, 3);
  const rest = calls.slice(3);
  const last = now.at(-1) as ApplyExpression;
  const lastSite = scope.file.siteOf(last);
  const site = writer.program.constant(lastSite);
  const text = writer.with(now.length + 1, (called = '', ...names) => {
    const values = now.map(
      ({ argument }, index) => `${names[index] ?? ''} = ${writeArgument(argument, place)}, `,
    );
    const number = writer.site(lastSite, title);
    const takesAll = `${called} instanceof Lambda && ${called}.code.arity === ${now.length}${now.length > 1 ? ` && ${called}.applied === undefined` : ''}`;
    const direct = `${called}.code.enter(${[`${called}.frame`, site, ...names].join(', ')})`;
    const general = `${functions[now.length] ?? ''}(${[called, ...names, site].join(', ')})`;
    return `(${called} = ${callee}, ${values.join('')}s = ${number}, ${called} = ${takesAll} ? ${direct} : ${general}, s = 0, ${called})`;
  });
  return rest.length === 0 ? text : writeCalls(text, title, rest, place);
}
