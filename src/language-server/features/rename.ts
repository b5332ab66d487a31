import {
  type CancellationToken,
  LSPErrorCodes,
  type Range,
  ResponseError,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import {
  type Definition,
  type Scope,
  type Use,
  bindingsOf,
  keysOf,
  lookUp,
  nodesAround,
  staticName,
} from '../../language/resolution/index.ts';
import { unreachable } from '../../foundation/index.ts';
import { globalNames } from '../../language/evaluation/index.ts';
import { isPlainName } from '../../language/syntax/index.ts';
import { type AnalysedFile, rangeOf, textAt } from '../files/analysed-file.ts';
import { isWithin } from '../files/places.ts';
import { type Occurrence, homeOf, occurrencesOf } from '../occurrences.ts';
import { type Named, type Referent, namedAt } from '../referent.ts';
import type { Session } from '../session.ts';
import { writtenName } from '../text.ts';

/** The name that would be renamed. @throws ResponseError where there is none, or it is not the user's to rename. */
export function renamedAt(
  session: Session,
  file: AnalysedFile,
  offset: number,
): { range: Range; placeholder: string } {
  const named = renamable(session, file, offset);
  return { range: rangeOf(file, named), placeholder: named.name };
}

/** Renames a variable, or an attribute wherever it is known to be selected. @throws ResponseError where that would change what something means. */
export async function rename(
  session: Session,
  file: AnalysedFile,
  offset: number,
  newName: string,
  token: CancellationToken,
): Promise<WorkspaceEdit> {
  const { referent, name } = renamable(session, file, offset);
  const written = writtenName(newName);
  if (written === undefined) throw refused(`'${newName}' cannot be a name`);
  if (newName === name) return { changes: {} };
  checkForm(referent, newName);
  if (referent.kind === 'variable') checkVariable(referent.file, referent.definition, newName);
  const changes: Record<string, TextEdit[]> = {};
  for (const occurrence of await occurrencesOf(session, referent, token)) {
    checkSiblings(occurrence, newName);
    const edits = (changes[occurrence.file.uri] ??= []);
    edits.push({ range: rangeOf(occurrence.file, occurrence), newText: textFor(occurrence, written) });
  }
  return { changes };
}

/** A name alone, as in `{ d, }`, comes to stand as `{ d = new, }` or `{ new = d, }`, whichever of its two meanings is renamed. */
function textFor(occurrence: Occurrence, written: string): string {
  const old = textAt(occurrence.file, occurrence);
  switch (occurrence.form) {
    case 'bare-variable':
      return `${old} = ${written}`;
    case 'bare-attribute':
      return `${written} = ${old}`;
    case 'plain':
      return written;
    default:
      return unreachable(occurrence.form);
  }
}

function renamable(session: Session, file: AnalysedFile, offset: number): Named {
  const named = namedAt(session, file, offset);
  if (named === undefined) throw refused('there is no name here that could be renamed');
  const { referent, name } = named;
  if (referent.kind === 'global') {
    throw refused(
      globalNames.has(name)
        ? `'${name}' is a builtin, and has this name everywhere`
        : `the name '${name}' is not defined`,
    );
  }
  const home = homeOf(referent);
  if (home?.place !== undefined && !isOwn(session, home)) {
    throw refused(`'${name}' is defined in ${home.place}, which is outside of the folders that are open`);
  }
  return named;
}

function isOwn(session: Session, { place, uri }: AnalysedFile): boolean {
  if (session.files.document(uri) !== undefined) return true;
  return session.folders.some((folder) => place !== undefined && isWithin(folder, place));
}

/** Parameters and names before `@` are never quoted. */
function checkForm(referent: Referent, newName: string): void {
  if (referent.kind !== 'variable' || isPlainName(newName)) return;
  const { kind } = referent.definition;
  if (kind === 'let' || kind === 'field') return;
  throw refused(`'${newName}' would have to be quoted, and a name in this place cannot be`);
}

function checkVariable(file: AnalysedFile, definition: Definition, newName: string): void {
  const { scope, name, uses } = definition;
  if (scope.names.has(newName)) throw refused(`'${newName}' is bound in the same place as '${name}'`);
  const capturing = uses.find((use) => {
    const inner = lookUp(use.scope, newName);
    return inner !== undefined && isInside(inner.scope, scope);
  });
  if (capturing !== undefined)
    throw refused(`'${name}' is used where an inner '${newName}' is bound, which would take its place`);
  const captured = file.resolution.uses.some(
    (use) => use.name === newName && isAtOrInside(use.scope, scope) && !meansInner(use, scope),
  );
  if (captured)
    throw refused(
      `'${newName}' is used where '${name}' is visible, and would come to mean the binding that is renamed`,
    );
}

/** Whether what the name means is bound within the scope, so that a new binding of the scope does not reach it. */
function meansInner({ definition }: Use, scope: Scope): boolean {
  return definition !== undefined && isAtOrInside(definition.scope, scope);
}

function isAtOrInside(inner: Scope, outer: Scope): boolean {
  return inner === outer || isInside(inner, outer);
}

function isInside(inner: Scope, outer: Scope): boolean {
  for (let scope = inner.parent; scope !== undefined; scope = scope.parent) if (scope === outer) return true;
  return false;
}

/** A set or pattern that names the one may not name the other already. */
function checkSiblings({ file, start }: Occurrence, newName: string): void {
  const around = nodesAround(file.tree, start);
  const at = around.findIndex(({ kind }) => kind === 'key');
  const [key, owner, container] = at === -1 ? [] : around.slice(at);
  if (key === undefined || owner?.kind !== 'binding' || container === undefined) return;
  const path = keysOf(owner).map(staticName);
  const depth = keysOf(owner).findIndex((each) => each.start === key.start);
  const isTaken = bindingsOf(container).some((binding) => {
    const names = keysOf(binding).map(staticName);
    return names[depth] === newName && path.slice(0, depth).every((name, index) => names[index] === name);
  });
  if (isTaken) throw refused(`'${newName}' is bound beside '${path[depth]}' in ${file.place ?? file.uri}`);
}

function refused(message: string): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestFailed, message);
}
