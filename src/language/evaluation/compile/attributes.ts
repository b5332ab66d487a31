import type {
  AttributeKey,
  AttributesExpression,
  Binding,
  Expression,
  LetExpression,
} from '../../syntax/index.ts';
import { type AttributePlaces, Attributes } from '../attributes.ts';
import { fault } from '../fault.ts';
import type { Scope } from '../scope.ts';
import { shapeOf } from '../shape.ts';
import { type Code, type Frame, Unit, notYetThere } from '../thunk.ts';
import type { Slot } from '../value.ts';
import { compile, compileArgument, compileBound } from './expression.ts';
import { compileKey, isStaticPath, staticNameOf } from './key.ts';
import { titleOfAttribute } from './text-unit.ts';
import { type Later, slotOf } from './variables.ts';

/** What is bound to one name: a value, or further bindings below it, as in `a.b = 1, a.c = 2`. */
export interface Group {
  readonly key: AttributeKey;
  /** The attribute's name, or undefined where it has to be computed. */
  readonly name: string | undefined;
  readonly value: Expression | undefined;
  readonly below: Binding[];
}

/** `{ a = 1, b.c = 2 }`, and with `self @` before it. */
export function compileAttributes(expression: AttributesExpression, scope: Scope): Code {
  const { bind, bindings } = expression;
  if (bind === undefined) return compileBindings(bindings, scope, compileArgument);
  const inner = scope.nested(expression, [bind.name]);
  const index = inner.first;
  const build = compileBindings(bindings, inner, compileBound);
  return (frame) => {
    // A name that is computed from the attributes themselves needs them before they are there.
    frame[index] = notYetThere();
    const attributes = build(frame);
    frame[index] = attributes;
    return attributes;
  };
}

/** `let a = 1, b.c = 2, in body`. */
export function compileLet(expression: LetExpression, scope: Scope): Code {
  const groups = groupBindings(expression.bindings, scope);
  const inner = scope.nested(expression, namesOfLet(groups, scope));
  const values = groups.map((group) => compileGroup(group, inner, compileBound, ''));
  const body = compile(expression.body, inner);
  const { first } = inner;
  return (frame) => {
    for (let position = 0; position < values.length; position++) {
      frame[first + position] = slotOf(values[position] as Later, frame);
    }
    return body(frame);
  };
}

export function namesOfLet(groups: readonly Group[], scope: Scope): readonly string[] {
  return groups.map(({ name, key }) => {
    if (name !== undefined) return name;
    throw fault(scope.file.spanOf(key), 'CAB2014', "a name that 'let' binds cannot be computed");
  });
}

type CompileValue = (value: Expression, scope: Scope, about: string | AttributeKey) => Later;

function compileBindings(
  bindings: readonly Binding[],
  scope: Scope,
  compileValue: CompileValue,
): (frame: Frame) => Attributes {
  const groups = groupBindings(bindings, scope);
  const places = placesOf(groups, scope);
  if (!groups.every(({ name }) => name !== undefined)) return compileComputed(groups, scope, compileValue);
  const shape = shapeOf(groups.map(({ name }) => name as string));
  const values = groups.map((group) => compileGroup(group, scope, compileValue, group.key));
  // Where the names stand in their order, so do the values.
  const ordered = shape.names.every((name, index) => groups[index]?.name === name)
    ? values
    : shape.names.map((name) => values[groups.findIndex((group) => group.name === name)]);
  return (frame) => {
    const slots: Slot[] = [];
    for (let index = 0; index < ordered.length; index++) slots.push(slotOf(ordered[index] as Later, frame));
    return new Attributes(shape, slots, places);
  };
}

/** Attributes of which some names are known only by evaluation. */
function compileComputed(
  groups: readonly Group[],
  scope: Scope,
  compileValue: CompileValue,
): (frame: Frame) => Attributes {
  const places = placesOf(groups, scope);
  const entries = groups.map((group) => ({
    key: group.key,
    name: compileKey(group.key, scope),
    value: compileGroup(group, scope, compileValue, group.key),
  }));
  return (frame) => {
    const attributes = new Map<string, Slot>();
    for (const { key, name, value } of entries) {
      const text = name(frame);
      if (attributes.has(text)) {
        throw fault(scope.file.spanOf(key), 'CAB2009', `the attribute '${text}' is defined twice`);
      }
      attributes.set(text, slotOf(value, frame));
    }
    return Attributes.fromMap(attributes, places);
  };
}

export function placesOf(groups: readonly Group[], scope: Scope): AttributePlaces {
  return (name) => {
    const group = groups.find((candidate) => candidate.name === name);
    if (group === undefined) return undefined;
    const { file } = scope;
    return { name: file.spanOf(group.key), value: file.spanOf(group.value ?? group.key) };
  };
}

function compileGroup(
  group: Group,
  scope: Scope,
  compileValue: CompileValue,
  about: string | AttributeKey,
): Later {
  if (group.value !== undefined) return compileValue(group.value, scope, about);
  const code = compileBindings(group.below, scope, compileValue);
  if (isStatic(group)) return code;
  return new GroupUnit(code, group.key, scope);
}

/** Whether all names below the group's are known without evaluation, so that its attributes can be made at once. */
function isStatic({ below }: Group): boolean {
  return below.every(({ path }) => isStaticPath(path));
}

/** Attributes that several bindings make together, of which some name has to be computed. */
class GroupUnit extends Unit {
  readonly #key: AttributeKey;
  readonly #scope: Scope;

  constructor(code: Code, key: AttributeKey, scope: Scope) {
    super(code);
    this.#key = key;
    this.#scope = scope;
  }

  override get place() {
    return { span: this.#scope.file.spanOf(this.#key), message: titleOfAttribute(this.#key) };
  }
}

/** The binding without the first name of its path. */
function belowFirst({ value, start, end }: Binding, path: Binding['path']): Binding {
  return { path, value, start, end };
}

function groupOf({ path, value }: Binding): Group {
  const key = path[0] as AttributeKey;
  return { key, name: staticNameOf(key), value, below: [] };
}

/** Brings together what is bound below one name. Names that have to be computed stand for themselves. */
export function groupBindings(bindings: readonly Binding[], scope: Scope): readonly Group[] {
  const [first] = bindings;
  if (bindings.length === 1 && first?.path.length === 1) return [groupOf(first)];
  const groups: Group[] = [];
  const byName = new Map<string, Group>();
  for (const binding of bindings) {
    const [key, ...rest] = binding.path;
    if (key === undefined) continue;
    const name = staticNameOf(key);
    const known = name === undefined ? undefined : byName.get(name);
    const below = rest.length === 0 ? [] : [belowFirst(binding, rest)];
    if (known !== undefined) {
      if (known.value !== undefined || rest.length === 0) {
        throw fault(scope.file.spanOf(key), 'CAB2009', `'${name ?? ''}' is defined twice`, {
          labels: [{ span: scope.file.spanOf(known.key), message: 'defined here before' }],
        });
      }
      known.below.push(...below);
      continue;
    }
    const group: Group = { key, name, value: rest.length === 0 ? binding.value : undefined, below };
    groups.push(group);
    if (name !== undefined) byName.set(name, group);
  }
  return groups;
}
