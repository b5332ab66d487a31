import { MarkupKind, type SignatureHelp } from 'vscode-languageserver';
import { builtinNamed } from '../../language/evaluation/index.ts';
import {
  callOf,
  nodesAround,
  tokenBefore,
  withinParentheses,
  endOf,
} from '../../language/resolution/index.ts';
import type { NodeKind, SyntaxNode } from '../../language/syntax/index.ts';
import type { AnalysedFile } from '../files/analysed-file.ts';
import type { Session } from '../session.ts';

/** The signature of the builtin that is called around the offset, and which of its arguments is being written. */
export function signatureAt(session: Session, file: AnalysedFile, offset: number): SignatureHelp | undefined {
  const last = tokenBefore(file.tree, offset);
  const meant = last === undefined ? offset : Math.min(offset, endOf(last));
  // The innermost call counts that the offset is still in, or directly behind.
  for (const node of nodesAround(file.tree, meant)) {
    const found = calledBuiltin(session, file, node, offset);
    if (found !== undefined) return helpFor(found.name, found.argument);
    if (holds(node, offset)) return undefined;
  }
  return undefined;
}

/** What has an inside of its own, to which the call around it is of no interest. */
const insides: Partial<Record<NodeKind, string>> = {
  list: ']',
  attributes: '}',
  parenthesized: ')',
  interpolation: 'interpolation-end',
  lambda: '',
  let: '',
};

function holds(node: SyntaxNode, offset: number): boolean {
  const closer = insides[node.kind];
  if (closer === undefined) return false;
  return offset < node.end || node.children.at(-1)?.kind !== closer;
}

function calledBuiltin(
  session: Session,
  file: AnalysedFile,
  node: SyntaxNode,
  offset: number,
): { readonly name: string; readonly argument: number } | undefined {
  const call = callOf(node);
  const callee =
    call === undefined ? (node.kind === 'name' || node.kind === 'select' ? node : undefined) : call.callee;
  if (callee === undefined) return undefined;
  const shape = session.shapes.shapeOf(file, callee);
  if (shape?.kind !== 'global' || builtinNamed(shape.name) === undefined) return undefined;
  if (call === undefined)
    return offset > node.end ? { name: shape.name, argument: shape.applied } : undefined;
  const argument = withinParentheses(call.argument) ?? call.argument;
  const isBehind = offset > argument.end && offset > call.argument.end;
  return { name: shape.name, argument: shape.applied + (isBehind ? 1 : 0) };
}

function helpFor(name: string, argument: number): SignatureHelp | undefined {
  const builtin = builtinNamed(name);
  if (builtin === undefined || argument >= builtin.arity) return undefined;
  const prefix = `${name} : `;
  const parameters = parametersOf(builtin.signature).map(([start, end]) => ({
    label: [prefix.length + start, prefix.length + end] as [number, number],
  }));
  const signature = {
    label: prefix + builtin.signature,
    documentation: { kind: MarkupKind.Markdown, value: builtin.description },
    parameters: parameters.slice(0, builtin.arity),
  };
  return { signatures: [signature], activeSignature: 0, activeParameter: argument };
}

/** Where the arguments stand in a signature such as `(a -> b) -> [a] -> [b]`. */
function parametersOf(signature: string): readonly (readonly [number, number])[] {
  const parameters: [number, number][] = [];
  let [depth, start] = [0, 0];
  for (let index = 0; index < signature.length; index++) {
    const character = signature[index] as string;
    if ('([{'.includes(character)) depth++;
    if (')]}'.includes(character)) depth--;
    if (depth !== 0 || !signature.startsWith(' -> ', index)) continue;
    parameters.push([start, index]);
    start = index + ' -> '.length;
  }
  return parameters;
}
