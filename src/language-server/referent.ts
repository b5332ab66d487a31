import {
  type Definition,
  type Member,
  type Place,
  type Shape,
  callOf,
  argumentsShape,
  definitionAt,
  keysOf,
  lookUp,
  nodesAround,
  operandsOf,
  patternOf,
  scopeAt,
  staticName,
  touches,
  useAt,
  withinParentheses,
} from '../language/resolution/index.ts';
import type { SyntaxNode } from '../language/syntax/index.ts';
import { unreachable } from '../foundation/index.ts';
import { type AnalysedFile, analysed } from './files/analysed-file.ts';
import type { Session } from './session.ts';

/** What a name in a text stands for. */
export type Referent =
  | { readonly kind: 'variable'; readonly file: AnalysedFile; readonly definition: Definition }
  | { readonly kind: 'attribute'; readonly member: Member }
  /** A name that the evaluator brings, or that nothing defines. */
  | { readonly kind: 'global'; readonly name: string };

/** A place where something is named. */
export interface Named extends Place {
  readonly name: string;
  readonly referent: Referent;
}

/** What the name at an offset stands for: a variable before an attribute, where one word is both. */
export function namedAt(session: Session, file: AnalysedFile, offset: number): Named | undefined {
  return variableAt(file, offset) ?? attributeAt(session, file, offset);
}

function variableAt(file: AnalysedFile, offset: number): Named | undefined {
  const definition = definitionAt(file.resolution, offset);
  const site = definition?.sites.find((candidate) => touches(candidate, offset));
  const use = useAt(file.resolution, offset);
  // Between two names it is the one behind the cursor that is meant.
  if (use !== undefined && (site === undefined || site.end === offset)) {
    const { name, start, end, isDoubtful } = use;
    if (isDoubtful && use.definition === undefined) return undefined;
    const referent: Referent =
      use.definition === undefined
        ? { kind: 'global', name }
        : { kind: 'variable', file, definition: use.definition };
    return { name, start, end, referent };
  }
  if (definition === undefined || site === undefined) return undefined;
  const { start, end } = site;
  return { name: definition.name, start, end, referent: { kind: 'variable', file, definition } };
}

/** The attribute that a key at the offset names. */
export function attributeAt(session: Session, file: AnalysedFile, offset: number): Named | undefined {
  const around = nodesAround(file.tree, offset);
  const at = around.findIndex(({ kind }) => kind === 'key');
  const key = around[at];
  const name = key && staticName(key);
  if (key === undefined || name === undefined) return undefined;
  const referent = referentOfKey(session, file, around.slice(at));
  return referent && { name, start: key.start, end: key.end, referent };
}

function referentOfKey(
  session: Session,
  file: AnalysedFile,
  [key, owner, container, ...outer]: readonly SyntaxNode[],
): Referent | undefined {
  if (key === undefined || owner === undefined) return undefined;
  const keys = keysOf(owner);
  const index = keys.findIndex(({ start }) => start === key.start);
  const path = keys.slice(0, index + 1).map(staticName);
  if (owner.kind === 'binding') {
    if (container === undefined) return undefined;
    return referentOfBoundKey(session, file, path, container, outer);
  }
  const [subject] = operandsOf(owner);
  return referentIn(session, session.shapes.shapeOf(file, subject), path);
}

function referentOfBoundKey(
  session: Session,
  file: AnalysedFile,
  path: readonly (string | undefined)[],
  container: SyntaxNode,
  outer: readonly SyntaxNode[],
): Referent | undefined {
  const [name, ...below] = path;
  if (name === undefined) return undefined;
  if (container.kind === 'let') {
    const definition = lookUp(scopeOf(file, container), name);
    if (definition === undefined || below.length === 0) return undefined;
    return referentIn(session, session.shapes.shapeOfDefinition(file, definition), below);
  }
  if (container.kind !== 'attributes') return undefined;
  const field = below.length === 0 ? fieldFor(session, file, container, outer, name) : undefined;
  return field ?? referentIn(session, session.shapes.shapeOf(file, container), path);
}

function scopeOf({ resolution }: AnalysedFile, node: SyntaxNode): Definition['scope'] {
  return scopeAt(resolution, node.start + 'let'.length + 1);
}

/** The field of a lambda's pattern that an attribute of its argument is for. */
function fieldFor(
  session: Session,
  file: AnalysedFile,
  container: SyntaxNode,
  outer: readonly SyntaxNode[],
  name: string,
): Referent | undefined {
  const shape = parametersFor(session, file, container, outer);
  return referentIn(session, shape, [name]);
}

/** What a lambda takes whose argument the attributes are, if the lambda is known and has a pattern. */
export function parametersFor(
  session: Session,
  file: AnalysedFile,
  argument: SyntaxNode,
  outer: readonly SyntaxNode[],
): (Shape & { readonly kind: 'attributes' }) | undefined {
  const callee = calleeFor(session, file, argument, outer);
  if (callee?.kind !== 'lambda' || patternOf(callee.node) === undefined) return undefined;
  return argumentsShape(callee.file, callee.node);
}

/** What is called with the attributes as its argument. */
function calleeFor(
  session: Session,
  file: AnalysedFile,
  argument: SyntaxNode,
  outer: readonly SyntaxNode[],
): Shape | undefined {
  const node = outer.find(({ kind }) => kind !== 'parenthesized');
  const call = node && callOf(node);
  if (call === undefined || withinParentheses(call.argument)?.start !== argument.start) return undefined;
  return session.shapes.shapeOf(file, call.callee);
}

function referentIn(
  session: Session,
  shape: Shape | undefined,
  path: readonly (string | undefined)[],
): Referent | undefined {
  const names = path.filter((name) => name !== undefined);
  if (names.length < path.length) return undefined;
  if (shape?.kind === 'global' && shape.name === 'builtins') {
    const [name, ...below] = names;
    return name === undefined || below.length > 0 ? undefined : { kind: 'global', name };
  }
  const member = session.shapes.memberAt(shape, names);
  if (member === undefined) return undefined;
  if (!member.isField) return { kind: 'attribute', member };
  const file = analysed(member.file);
  const definition = definitionAt(file.resolution, member.keys[0]?.start ?? 0);
  return definition && { kind: 'variable', file, definition };
}

/** The same text for the same thing, wherever it is named. */
export function identityOf(referent: Referent): string {
  switch (referent.kind) {
    case 'global':
      return `global ${referent.name}`;
    case 'variable':
      return `variable ${referent.definition.sites[0]?.start} ${referent.file.uri}`;
    case 'attribute':
      return `attribute ${referent.member.keys[0]?.start} ${analysed(referent.member.file).uri}`;
    default:
      return unreachable(referent);
  }
}
