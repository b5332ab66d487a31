import type { AttributeKey, Located } from '../expression.ts';
import { type Problems, quoted } from '../problem.ts';
import type { SeenBinding } from './view.ts';

/** A field, or what stands before the `@`. */
interface Named extends Located {
  readonly name: string;
}

/** A name of the set with what it was first bound by: to a value, or by names below it. */
interface Entry extends Located {
  readonly isValue: boolean;
  below?: Map<string, Entry>;
}

/**
 * Finds names that are bound twice. Nearly every set has none, so first it is only asked whether two of its bindings begin with the
 * same name, with one table for all sets: it has for each name the set that it was last seen in.
 */
export class DuplicateCheck {
  readonly #problems: Problems;
  readonly #lastSeenIn = new Map<string, number>();

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  /** Reports names that one set or `let` binds twice. `a.b` and `a.c` together bind `a` once; computed names are not known here. */
  checkBindings(bindings: readonly SeenBinding[], set: number): void {
    let isRepeated = false;
    for (const { path } of bindings) {
      const name = staticName(path[0] as AttributeKey);
      if (name !== undefined && this.#isRepeated(name, set)) isRepeated = true;
    }
    if (!isRepeated) return;
    const entries = new Map<string, Entry>();
    for (const { path } of bindings) enter(this.#problems, entries, path);
  }

  /** Reports names that one pattern has twice: of its fields, and of the whole argument where it is bound. */
  checkFields(fields: readonly Named[], pattern: number): void {
    const repeated = fields.filter((field) => this.#isRepeated(field.name, pattern));
    if (repeated.length === 0) return;
    const first = new Map(fields.toReversed().map((field) => [field.name, field]));
    for (const field of repeated) {
      const message = `the pattern names ${quoted(field.name)} twice`;
      reportTwice(this.#problems, 'CAB1202', message, field, first.get(field.name) as Named);
    }
  }

  #isRepeated(name: string, set: number): boolean {
    if (this.#lastSeenIn.get(name) === set) return true;
    this.#lastSeenIn.set(name, set);
    return false;
  }
}

function enter(problems: Problems, entries: Map<string, Entry>, path: readonly AttributeKey[]): void {
  let level = entries;
  for (const [index, key] of path.entries()) {
    const name = staticName(key);
    if (name === undefined) return;
    const isValue = index === path.length - 1;
    const known = level.get(name);
    if (known !== undefined && (known.isValue || isValue)) {
      return reportTwice(
        problems,
        'CAB1201',
        `${quoted(nameOf(path.slice(0, index + 1)))} is bound twice`,
        key,
        known,
      );
    }
    const entry: Entry = known ?? { isValue, start: key.start, end: key.end };
    level.set(name, entry);
    if (isValue) return;
    entry.below ??= new Map();
    level = entry.below;
  }
}

function reportTwice(
  problems: Problems,
  code: 'CAB1201' | 'CAB1202',
  message: string,
  second: Located,
  first: Located,
): void {
  problems.report({
    code,
    start: second.start,
    end: second.end,
    message,
    label: 'here again',
    others: [{ start: first.start, end: first.end, label: 'first here' }],
    hint:
      code === 'CAB1201'
        ? 'one set is changed by another with //: { a = 1, } // { a = 2, }'
        : 'each attribute of an argument is named once',
  });
}

/** The name that a key is, if it is known without evaluation. */
export function staticName({ parts }: AttributeKey): string | undefined {
  if (parts.length === 0) return '';
  const [first] = parts;
  return parts.length === 1 && typeof first === 'string' ? first : undefined;
}

function nameOf(path: readonly AttributeKey[]): string {
  return path.map(staticName).join('.');
}
