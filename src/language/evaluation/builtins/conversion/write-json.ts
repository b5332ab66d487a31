import { Attributes } from '../../attributes.ts';
import { BuiltinFunction } from '../../builtin.ts';
import { type Context, ContextCollector, contextOf, textOf } from '../../context.ts';
import type { Site } from '../../fault.ts';
import { allOf } from '../../fork.ts';
import { toText } from '../../interpolate.ts';
import { noJson } from '../../json.ts';
import { Lambda } from '../../lambda.ts';
import { showFloat } from '../../show.ts';
import { force } from '../../thunk.ts';
import { Float, type Slot, type Value, isList } from '../../value.ts';

/** Writes JSON for a build to read, and gathers what the texts in it mention. */
export class JsonWriter {
  readonly #contexts = new ContextCollector();
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
  }

  /** Of all that was written. */
  get context(): Context {
    return this.#contexts.context;
  }

  write(value: Value): string {
    if (value === null || typeof value === 'boolean' || typeof value === 'number') return String(value);
    if (typeof value === 'bigint') return String(value);
    if (value instanceof Float) return showFloat(value.value);
    if (isList(value)) return `[${allOf(value, (slot) => this.write(force(slot))).join(',')}]`;
    if (value instanceof Attributes) {
      const members = allOf(
        value.names(),
        (name) => `${JSON.stringify(name)}:${this.write(force(value.get(name) as Slot))}`,
      );
      return `{${members.join(',')}}`;
    }
    if (value instanceof Lambda || value instanceof BuiltinFunction) throw noJson(this.#site);
    const text = toText(value, this.#site, 'JSON');
    this.#contexts.add(contextOf(text));
    return JSON.stringify(textOf(text));
  }
}
