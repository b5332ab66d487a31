import type { AttributeKey, HasAttributeExpression, SelectExpression } from '../../syntax/index.ts';
import { AttributeFinder } from '../attribute-finder.ts';
import { isStaticPath, staticNameOf } from '../compile/key.ts';
import type { Place } from './function-writer.ts';
import { writeCompiled, writeValue } from './write-value.ts';

export function writeSelect(expression: SelectExpression, place: Place): string {
  const { subject, path, fallback } = expression;
  if (!isStaticPath(path)) return writeCompiled(expression, place);
  if (fallback === undefined)
    return path.reduce((value, key) => writeStep(value, key, place), writeValue(subject, place));
  const { writer } = place;
  return writer.with(1, (value) => {
    const found = writeFollowed(value, writeValue(subject, place), path, place);
    const otherwise = writer.branch(() => writeValue(fallback, place));
    return `((${found}) ? force(${value}) : ${otherwise})`;
  });
}

export function writeHasAttribute(expression: HasAttributeExpression, place: Place): string {
  const { subject, path } = expression;
  if (!isStaticPath(path)) return writeCompiled(expression, place);
  return place.writer.with(
    1,
    (value) => `(${writeFollowed(value, writeValue(subject, place), path, place)})`,
  );
}

/** The slot of the attribute in the variable, or undefined. */
function find(value: string, finder: string): string {
  return `(${value} instanceof Attributes && ${value}.shape === ${finder}.shape ? ${value}.slots[${finder}.index] : ${finder}.find(${value}))`;
}

function writeStep(subject: string, key: AttributeKey, { scope, writer }: Place): string {
  const { program } = writer;
  const finder = program.constant(new AttributeFinder(staticNameOf(key) ?? ''));
  const keySite = scope.file.siteOf(key);
  const site = program.constant(keySite);
  return writer.with(2, (value, slot) => {
    const found = `${value} = ${subject}, ${slot} = ${find(value, finder)}`;
    const number = writer.site(keySite, '');
    const forced = `(s = ${number}, ${slot} = selectSlot(${value}, ${slot}, ${finder}, ${site}), s = ${writer.around}, ${slot})`;
    return `(${found}, ${slot} === undefined || ${slot} instanceof Thunk ? ${forced} : ${slot})`;
  });
}

/** Whether the whole path is there; its slot is then in the variable. */
function writeFollowed(
  value: string,
  subject: string,
  path: readonly AttributeKey[],
  { writer }: Place,
): string {
  const finders = path.map((key) => writer.program.constant(new AttributeFinder(staticNameOf(key) ?? '')));
  const steps = finders.map((finder, index) => {
    const before = index === 0 ? subject : `force(${value})`;
    return `(${value} = ${before}, ${value} = ${find(value, finder)}) !== undefined`;
  });
  return steps.join(' && ');
}
