import { didYouMean } from '../../diagnostics/index.ts';
import { Attributes } from './attributes.ts';
import { BuiltinFunction } from './builtin.ts';
import { call } from './call.ts';
import { type Site, fault } from './fault.ts';
import { Lambda } from './lambda.ts';
import { phraseOf } from './types.ts';
import type { Value } from './value.ts';

export function parametersOf(value: Value): ReadonlyMap<string, boolean> | undefined {
  if (!(value instanceof Lambda) || value.pattern === undefined) return undefined;
  return new Map(value.pattern.fields.map(({ name, fallback }) => [name, fallback !== undefined]));
}

/** Calls the function that an entry file is with named arguments. */
export function callEntry(value: Value, named: Readonly<Record<string, Value>>, site: Site): Value {
  const given = Attributes.fromMap(new Map(Object.entries(named)));
  if (value instanceof BuiltinFunction) return call(value, given, site);
  if (value instanceof Lambda) {
    checkArguments(value, given);
    return call(value, given, site);
  }
  const [first] = given.names();
  if (first === undefined) return value;
  throw fault(undefined, 'CAB2007', `there is nothing to give the argument '${first}' to`, {
    notes: [`the entry is ${phraseOf(value)}, and only a function takes arguments`],
  });
}

/** Says it in terms of the command line, where no call is written. */
function checkArguments(lambda: Lambda, given: Attributes): void {
  const { pattern } = lambda;
  if (pattern === undefined) return;
  const names = pattern.fields.map((field) => field.name);
  const unknown = pattern.open ? undefined : given.names().find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw fault(lambda.code.spanOf(pattern), 'CAB2007', `the entry does not take an argument '${unknown}'`, {
      label: 'the arguments that it takes',
      hint: didYouMean(unknown, names),
    });
  }
  const missing = pattern.fields.find(({ name, fallback }) => fallback === undefined && !given.has(name));
  if (missing === undefined) return;
  throw fault(lambda.code.spanOf(missing), 'CAB2008', `the entry needs the argument '${missing.name}'`, {
    label: 'it has no default',
  });
}
