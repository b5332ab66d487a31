import { Attributes } from './attributes.ts';
import { type Context, ContextCollector } from './context.ts';
import { force } from './thunk.ts';
import { ContextString, type Value, isList } from './value.ts';

/** What all strings in a value mention, the value being evaluated to its end. */
export function contextWithin(value: Value): Context {
  const contexts = new ContextCollector();
  const seen = new Set<Value>();
  const visit = (inner: Value) => {
    if (inner instanceof ContextString) contexts.add(inner.context);
    if ((!isList(inner) && !(inner instanceof Attributes)) || seen.has(inner)) return;
    seen.add(inner);
    for (const slot of isList(inner) ? inner : inner.values()) visit(force(slot));
  };
  visit(value);
  return contexts.context;
}
