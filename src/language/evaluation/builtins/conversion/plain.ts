import { Attributes } from '../../attributes.ts';
import { BuiltinFunction } from '../../builtin.ts';
import { type Context, ContextCollector, contextOf, textOf } from '../../context.ts';
import { type Site, fault } from '../../fault.ts';
import { allOf } from '../../fork.ts';
import { toText } from '../../interpolate.ts';
import { Lambda } from '../../lambda.ts';
import { force } from '../../thunk.ts';
import { Float, type Slot, type Value, isList } from '../../value.ts';

/** A value as a format for data has it: evaluated to its end, with a text in the place of paths, islands and derivations. */
export type Plain =
  null | boolean | number | bigint | Float | string | readonly Plain[] | ReadonlyMap<string, Plain>;

/** The value made plain, names in order, with what all texts in it mention. `format` is its name in messages. */
export function plainOf(
  value: Value,
  site: Site,
  format: string,
): { readonly plain: Plain; readonly context: Context } {
  const contexts = new ContextCollector();
  const visit = (inner: Value): Plain => {
    if (inner === null || typeof inner === 'boolean' || typeof inner === 'number') return inner;
    if (typeof inner === 'bigint' || inner instanceof Float) return inner;
    if (isList(inner)) return allOf(inner, (slot) => visit(force(slot)));
    if (inner instanceof Attributes) {
      const members = allOf(inner.names(), (name): [string, Plain] => [
        name,
        visit(force(inner.get(name) as Slot)),
      ]);
      return new Map(members);
    }
    if (inner instanceof Lambda || inner instanceof BuiltinFunction) {
      throw fault(site.span, 'CAB2019', `a function cannot be written as ${format}`, {
        hint: 'call it, or leave its attribute out with removeAttributes',
      });
    }
    const text = toText(inner, site, format);
    contexts.add(contextOf(text));
    return textOf(text);
  };
  const plain = visit(value);
  return { plain, context: contexts.context };
}

export function isPlainList(plain: Plain): plain is readonly Plain[] {
  return Array.isArray(plain);
}
