import { DiagnosticError, positionOf } from '../../../diagnostics/index.ts';
import { once } from '../../../foundation/index.ts';
import { BuiltinFunction, type Value, builtinNamed } from '../../../language/evaluation/index.ts';
import {
  type DefinitionPlace,
  builtinText,
  commentAbove,
  placeOfAttribute,
  placeOfFunction,
} from '../documentation.ts';
import { namePattern } from '../../../language/syntax/index.ts';
import type { Session } from '../session.ts';
import { typeText } from '../type-text.ts';
import type { CommandArgument, ReplCommand } from './command.ts';
import { needsArgument, valueFor } from './value-for.ts';

/** `:doc` */
export const docCommand: ReplCommand = {
  name: 'doc',
  short: 'd',
  usage: 'name',
  summary: 'what is said of a builtin, or in the comment above a definition',
  completes: 'expression',
  async run(session, argument) {
    const { text } = argument;
    if (text === '') throw needsArgument(docCommand);
    // What is asked for by name is told even where it has no value of its own.
    const builtin = session.names.has(text) ? undefined : builtinNamed(text);
    if (builtin !== undefined) return session.print(builtinText(session.paper, new BuiltinFunction(builtin)));
    const value = await valueFor(session, docCommand, argument);
    if (value instanceof BuiltinFunction) return session.print(builtinText(session.paper, value));
    session.print(await definitionText(session, argument, value));
  },
};

/** The value's type, where it is defined and the comment above that. */
async function definitionText(session: Session, argument: CommandArgument, value: Value): Promise<string> {
  const { text } = argument;
  const type = typeText(session.project, session.paper, value);
  const found = session.placeOf(text) ?? (await attributePlace(session, argument)) ?? placeOfFunction(value);
  if (found === undefined && !/^[\p{L}_`]/u.test(text)) throw nothingKnown(text);
  if (found === undefined) return `${text} : ${type}\n`;
  const place = session.sources.placeIn(found.source, found.offset);
  const comment = commentAbove(place);
  const { line } = positionOf(place.source, place.offset);
  const ending = comment === undefined ? '' : `\n${comment}\n`;
  return `${text} : ${type}\ndefined at ${place.source.name}:${line}\n${ending}`;
}

const lastAttribute = once(() => new RegExp(String.raw`^(.+)\.\s*(${namePattern})$`, 'su'));

/** Where the last attribute of `a.b.c` is bound. */
async function attributePlace(
  session: Session,
  { text, source }: CommandArgument,
): Promise<DefinitionPlace | undefined> {
  const [, before, name] = lastAttribute().exec(text) ?? [];
  if (before === undefined || name === undefined) return undefined;
  const end = source.text.length - (text.length - before.length);
  return placeOfAttribute(await session.evaluate(session.sources.part(source, 0, end)), name);
}

function nothingKnown(text: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB6030',
    severity: 'error',
    message: `nothing is said of '${text}'`,
    hint: ':doc takes a name, or a path such as packages.cargoBuild',
  });
}
