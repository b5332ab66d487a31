import { DiagnosticError } from '../diagnostics/index.ts';
import { Attributes, type Value, typeNameOf } from '../language/evaluation/index.ts';
import { type Derivation, type Installable, type Project } from '../workspace/index.ts';

/** The attribute that stands for a whole project. */
const defaultAttribute = 'default';

/** The derivation that an installable means: the value itself, or its attribute `default`. */
export async function derivationOf(
  project: Project,
  installable: Installable,
  given: ReadonlyMap<string, string>,
): Promise<Derivation> {
  return await derivationOfValue(
    project,
    await project.value(given, installable.attributes),
    installable.text,
  );
}

/** The same of a value that `text` gave. */
export async function derivationOfValue(project: Project, value: Value, text: string): Promise<Derivation> {
  const found = await project.evaluate((evaluator) => {
    const derivation = evaluator.asDerivation(value);
    if (derivation !== undefined) return { derivation };
    const names = value instanceof Attributes ? value.names() : undefined;
    if (names?.includes(defaultAttribute) !== true) return { names, type: typeNameOf(value) };
    const inner = evaluator.select(value, [defaultAttribute]);
    const innerDerivation = evaluator.asDerivation(inner);
    if (innerDerivation !== undefined) return { derivation: innerDerivation };
    return { attribute: defaultAttribute, names: undefined, type: typeNameOf(inner) };
  });
  if (found.derivation !== undefined) return found.derivation;
  const place = found.attribute === undefined ? text : `${below(text)}${found.attribute}`;
  throw notADerivation(place, found.type, found.names);
}

/** What stands before the name of an attribute of an installable. */
function below(text: string): string {
  return text.includes('#') ? `${text}.` : `${text}#`;
}

function notADerivation(text: string, type: string, names: readonly string[] | undefined): DiagnosticError {
  const hint =
    names === undefined || names.length === 0
      ? 'it has to be a derivation, such as what packages.run gives'
      : `name one of its attributes: ${names
          .slice(0, 8)
          .map((name) => `${below(text)}${name}`)
          .join(', ')}`;
  return new DiagnosticError({
    code: 'CAB6004',
    severity: 'error',
    message: `'${text}' is not a derivation, but of type ${type}`,
    hint,
  });
}
