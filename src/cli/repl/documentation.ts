import type { Source } from '../../diagnostics/index.ts';
import { Attributes, type BuiltinFunction, Lambda, type Value } from '../../language/evaluation/index.ts';
import { signatureOf } from './function-text.ts';
import { type Paper, paint } from './text.ts';

/** A place in a text that something is defined at. */
export interface DefinitionPlace {
  readonly source: Source;
  readonly offset: number;
}

/** What is said of a builtin: signature, description, examples with their results. */
export function builtinText(paper: Paper, builtin: BuiltinFunction): string {
  const { name, description, details, example, furtherExamples = [] } = builtin.definition;
  const signature = `${paint(paper, 'name', name)} : ${signatureOf(builtin)}`;
  const said = details === undefined ? description : `${description}\n\n${details}`;
  const examples = [example, ...furtherExamples].map(
    ({ expression, result }) => `  ${expression}\n  ${paint(paper, 'faint', '=')} ${result}\n`,
  );
  return `${signature}\n\n${said}\n\n${examples.join('\n')}`;
}

/** Where a function is written. */
export function placeOfFunction(value: Value): DefinitionPlace | undefined {
  if (!(value instanceof Lambda)) return undefined;
  const { source, start } = value.code.spanOf(value.code.expression);
  return { source, offset: start };
}

/** Where an attribute is bound. */
export function placeOfAttribute(holder: Value, name: string): DefinitionPlace | undefined {
  const span = holder instanceof Attributes ? holder.placeOf(name)?.name : undefined;
  return span === undefined ? undefined : { source: span.source, offset: span.start };
}

/** The comment that stands right above the line that a definition begins on, without its signs; undefined where none does. */
export function commentAbove({ source, offset }: DefinitionPlace): string | undefined {
  const start = source.text.lastIndexOf('\n', offset - 1) + 1;
  const before = source.text.slice(0, start);
  const block = /#(=+)(?:(?!\1#)[^])*\1#[ \t]*\n$/.exec(before)?.[0];
  if (block !== undefined) return withoutMargin(block.trim().replace(/^#=+\s*|\s*=+#$/g, ''));
  const lines = /(?:^[ \t]*#[^\n]*\n)+(?![^])/m.exec(before)?.[0];
  return lines === undefined ? undefined : lines.replace(/^[ \t]*# ?/gm, '').trimEnd();
}

/** The text without what all of its lines but the first have as margin. */
function withoutMargin(text: string): string {
  const [first = '', ...rest] = text.trimEnd().split('\n');
  const margin = Math.min(...rest.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  return [first, ...rest.map((line) => line.slice(margin === Number.POSITIVE_INFINITY ? 0 : margin))].join(
    '\n',
  );
}
