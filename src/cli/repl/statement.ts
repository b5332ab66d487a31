import { type Diagnostic, type Source } from '../../diagnostics/index.ts';
import { once, unreachable } from '../../foundation/index.ts';
import { isTrivia, namePattern, parse, tokensOf } from '../../language/syntax/index.ts';

/** What a user has typed, as far as its form tells. */
export type Statement =
  | { readonly kind: 'nothing' }
  /** `rest` is what stands behind the command's name, beginning at the offset `at`. */
  | { readonly kind: 'command'; readonly name: string; readonly rest: string; readonly at: number }
  | { readonly kind: 'bindings' }
  | { readonly kind: 'expression' };

/** What makes bindings an expression: they are those of a `let`, and so see each other and themselves. */
export const bindingsPrefix = 'let ';
const bindingsSuffix = '\nin 0';

/** A name, or a path of names, and `=`, behind comments: a binding stands here, and not an expression. */
const startOfBindings = once(() => {
  const name = String.raw`(?:${namePattern}|\x60[^\x60\n]*\x60|"[^"\n]*")`;
  return new RegExp(String.raw`^(?:\s|#(?!=).*\n)*${name}(?:\s*\.\s*${name})*\s*=(?![=>])`, 'u');
});

const command = /^\s*:(\S*)\s*/;

export function readStatement(text: string): Statement {
  const named = command.exec(text);
  if (named !== null) {
    const at = named[0].length;
    return { kind: 'command', name: named[1] ?? '', rest: text.slice(at).trimEnd(), at };
  }
  if (startOfBindings().test(text)) return { kind: 'bindings' };
  return holdsNothing(text) ? { kind: 'nothing' } : { kind: 'expression' };
}

/** Whether the only trouble with a text is that it ends: with more behind it, it can become a statement. */
export function isUnfinished(text: string): boolean {
  const statement = readStatement(text);
  switch (statement.kind) {
    case 'nothing':
      return parse(sourceOf(text)).diagnostics.some(({ code }) => code === 'CAB1003');
    case 'command':
      return statement.rest !== '' && isUnfinished(statement.rest);
    case 'bindings': {
      const whole = `${bindingsPrefix}${text}${bindingsSuffix}`;
      return endsInside(parse(sourceOf(whole)).diagnostics, bindingsPrefix.length + text.length, whole);
    }
    case 'expression':
      return endsInside(parse(sourceOf(`${text}\n`)).diagnostics, text.length, `${text}\n`);
    default:
      return unreachable(statement);
  }
}

function endsInside(diagnostics: readonly Diagnostic[], end: number, text: string): boolean {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return errors.length > 0 && errors.every((error) => isAboutEnd(error, end, text));
}

function isAboutEnd({ code, primary }: Diagnostic, end: number, text: string): boolean {
  if (primary === undefined) return false;
  const { start } = primary.span;
  if (start >= end) return true;
  // What takes all that follows for its own is told where it begins.
  if (code === 'CAB1003') return true;
  return code === 'CAB1002' && /^"(?:=|[ \t]*\r?\n)/.test(text.slice(start, start + 1000));
}

/** The names that bindings bind, each with the offset of its first binding. */
export function boundNames(text: string): readonly { readonly name: string; readonly at: number }[] {
  const { expression } = parse(sourceOf(`${bindingsPrefix}${text}${bindingsSuffix}`));
  if (expression?.kind !== 'let') return [];
  const found = new Map<string, number>();
  for (const { path, start } of expression.bindings) {
    const [name = '', ...others] = path[0]?.parts ?? [];
    const isPlain = typeof name === 'string' && others.length === 0;
    if (isPlain && !found.has(name)) found.set(name, start - bindingsPrefix.length);
  }
  return Array.from(found, ([name, at]) => ({ name, at }));
}

/** Whether there are only white space and comments. */
function holdsNothing(text: string): boolean {
  if (text.trim() === '') return true;
  if (!text.trimStart().startsWith('#')) return false;
  return tokensOf(parse(sourceOf(text)).tree).every(({ kind }) => kind === 'end' || isTrivia(kind));
}

function sourceOf(text: string): Source {
  return { name: '<repl>', text };
}
