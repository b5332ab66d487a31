import type { AttributeKey, AttributesExpression, Binding, Expression } from '../../syntax/index.ts';
import { type Group, groupBindings, placesOf } from '../compile/attributes.ts';
import { isStaticPath } from '../compile/key.ts';
import { shapeOf } from '../shape.ts';
import type { Place } from './function-writer.ts';
import { writeArgument, writeBound } from './write-later.ts';

type WriteValue = (value: Expression, place: Place, about: string | AttributeKey) => string;

/** Attributes whose names all stand in the text; undefined for others. */
export function writeAttributes(
  expression: AttributesExpression,
  { scope, writer }: Place,
): string | undefined {
  const { bind, bindings } = expression;
  if (bindings.some(({ path }) => !isStaticPath(path))) return undefined;
  if (bind === undefined) return writeBindings(bindings, { scope, writer }, writeArgument);
  const inner = { scope: scope.nested(expression, [bind.name]), writer };
  const slot = `${writer.access.frame}[${inner.scope.first}]`;
  writer.forced.delete(`0:${inner.scope.first}`);
  return `(${slot} = notYetThere(), ${slot} = ${writeBindings(bindings, inner, writeBound)})`;
}

function writeBindings(bindings: readonly Binding[], place: Place, write: WriteValue): string {
  const groups = groupBindings(bindings, place.scope);
  const { program } = place.writer;
  const places = program.constant(placesOf(groups, place.scope));
  const shape = shapeOf(groups.map(({ name }) => name ?? ''));
  const values: string[] = [];
  for (const group of groups)
    values[shape.indexOf(group.name ?? '')] = writeGroup(group, place, write, group.key);
  return `new Attributes(${program.constant(shape)}, [${values.join(', ')}], ${places})`;
}

/** What is bound to one name. */
export function writeGroup(
  group: Group,
  place: Place,
  write: WriteValue,
  about: string | AttributeKey,
): string {
  return group.value === undefined
    ? writeBindings(group.below, place, write)
    : write(group.value, place, about);
}
