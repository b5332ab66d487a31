import type { AttributeKey, Located, PatternField } from '../expression.ts';
import type { Problem } from '../problem.ts';

interface Reporter {
  readonly report: (problem: Problem) => void;
}

/** A name of the set with what it was first bound by: to a value, or by names below it. */
interface Entry extends Located {
  readonly isValue: boolean;
  below?: Map<string, Entry>;
}

/** Reports names that one set or `let` binds twice. `a.b` and `a.c` together bind `a` once; computed names are not known here. */
export function checkPaths(view: Reporter, paths: readonly (readonly AttributeKey[])[]): void {
  if (paths.length < 2) return;
  const entries = new Map<string, Entry>();
  for (const path of paths) enter(view, entries, path);
}

function enter(view: Reporter, entries: Map<string, Entry>, path: readonly AttributeKey[]): void {
  let level = entries;
  for (const [index, key] of path.entries()) {
    const name = staticName(key);
    if (name === undefined) return;
    const isValue = index === path.length - 1;
    const known = level.get(name);
    if (known !== undefined && (known.isValue || isValue)) {
      return reportTwice(
        view,
        'CAB1201',
        `'${path
          .slice(0, index + 1)
          .map(staticName)
          .join('.')}' is bound twice`,
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

/** Reports fields that one pattern names twice. */
export function checkFields(view: Reporter, fields: readonly (PatternField | undefined)[]): void {
  const known = new Map<string, PatternField>();
  for (const field of fields) {
    if (field === undefined) continue;
    const first = known.get(field.name);
    if (first === undefined) known.set(field.name, field);
    else reportTwice(view, 'CAB1202', `the pattern names '${field.name}' twice`, field, first);
  }
}

function reportTwice(
  view: Reporter,
  code: 'CAB1201' | 'CAB1202',
  message: string,
  second: Located,
  first: Located,
): void {
  view.report({
    code,
    start: second.start,
    end: second.end,
    message,
    label: 'here again',
    others: [{ start: first.start, end: first.end, label: 'first here' }],
    ...(code === 'CAB1201' && { hint: 'one set is changed by another with //: { a = 1, } // { a = 2, }' }),
  });
}

function staticName(key: AttributeKey): string | undefined {
  const [first, ...rest] = key.parts;
  if (first === undefined) return '';
  return rest.length === 0 && typeof first === 'string' ? first : undefined;
}
