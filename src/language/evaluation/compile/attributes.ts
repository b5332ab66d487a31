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
import { type Code, type Frame, Thunk, notYetThere, placeCode } from '../thunk.ts';
import type { Slot } from '../value.ts';
import { type LaterCode, compile, compileArgument, compileLater } from './expression.ts';
import { compileKey, staticNameOf } from './key.ts';

/** What is bound to one name: a value, or further bindings below it, as in `a.b = 1, a.c = 2`. */
interface Group {
  readonly key: AttributeKey;
  readonly value: Expression | undefined;
  readonly below: Binding[];
}

/** `{ a = 1, b.c = 2 }`, and with `self @` before it. */
export function compileAttributes(expression: AttributesExpression, scope: Scope): Code {
  const { bind, bindings } = expression;
  if (bind === undefined) return compileBindings(bindings, scope, compileArgument);
  const inner = scope.nested();
  const index = inner.declare(bind.name);
  const build = compileBindings(bindings, inner, compileLater);
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
  const inner = scope.nested();
  const groups = groupBindings(expression.bindings, inner);
  const indices = groups.map(({ key }) => {
    const name = staticNameOf(key);
    if (name !== undefined) return inner.declare(name);
    throw fault(inner.file.spanOf(key), 'CAB2014', "a name that 'let' binds cannot be computed");
  });
  const values = groups.map((group) => compileGroup(group, inner, compileLater, ''));
  const body = compile(expression.body, inner);
  return (frame) => {
    for (let position = 0; position < indices.length; position++) {
      frame[indices[position] as number] = (values[position] as LaterCode)(frame);
    }
    return body(frame);
  };
}

type CompileValue = (value: Expression, scope: Scope, message: string) => LaterCode;

function compileBindings(
  bindings: readonly Binding[],
  scope: Scope,
  compileValue: CompileValue,
): (frame: Frame) => Attributes {
  const groups = groupBindings(bindings, scope);
  const places = placesOf(groups, scope);
  const entries = groups.map((group) => {
    const message = `while evaluating the attribute '${group.key.parts.map((part) => (typeof part === 'string' ? part : '…')).join('')}'`;
    return {
      key: group.key,
      name: compileKey(group.key, scope),
      value: compileGroup(group, scope, compileValue, message),
    };
  });
  return (frame) => {
    const attributes = new Map<string, Slot>();
    for (const { key, name, value } of entries) {
      const text = name(frame);
      if (attributes.has(text)) {
        throw fault(scope.file.spanOf(key), 'CAB2009', `the attribute '${text}' is defined twice`);
      }
      attributes.set(text, value(frame));
    }
    return new Attributes(attributes, places);
  };
}

function placesOf(groups: readonly Group[], scope: Scope): AttributePlaces {
  return (name) => {
    const group = groups.find(({ key }) => staticNameOf(key) === name);
    if (group === undefined) return undefined;
    const { file } = scope;
    return { name: file.spanOf(group.key), value: file.spanOf(group.value ?? group.key) };
  };
}

function compileGroup(group: Group, scope: Scope, compileValue: CompileValue, message: string): LaterCode {
  if (group.value !== undefined) return compileValue(group.value, scope, message);
  const code = compileBindings(group.below, scope, compileValue);
  if (group.below.every(({ path }) => path.every((key) => staticNameOf(key) !== undefined))) return code;
  placeCode(code, { span: scope.file.spanOf(group.key), message });
  return (frame) => new Thunk(code, frame);
}

/** Brings together what is bound below one name. Names that have to be computed stand for themselves. */
function groupBindings(bindings: readonly Binding[], scope: Scope): readonly Group[] {
  const groups: Group[] = [];
  const byName = new Map<string, Group>();
  for (const binding of bindings) {
    const [key, ...rest] = binding.path;
    if (key === undefined) continue;
    const name = staticNameOf(key);
    const known = name === undefined ? undefined : byName.get(name);
    const below = rest.length === 0 ? [] : [{ ...binding, path: rest }];
    if (known !== undefined) {
      if (known.value !== undefined || rest.length === 0) {
        throw fault(scope.file.spanOf(key), 'CAB2009', `'${name ?? ''}' is defined twice`, {
          labels: [{ span: scope.file.spanOf(known.key), message: 'defined here before' }],
        });
      }
      known.below.push(...below);
      continue;
    }
    const group: Group = { key, value: rest.length === 0 ? binding.value : undefined, below };
    groups.push(group);
    if (name !== undefined) byName.set(name, group);
  }
  return groups;
}
