import { isNode, isTrivia, type SyntaxElement, type SyntaxNode, type Token } from '../syntax/index.ts';
import { endOf, tokenOf } from './nodes.ts';
import type { Definition, Place, Resolution, Scope, Use } from './scope.ts';

/** The elements around an offset, from the file to a token. Between two tokens it is the one that means more. */
export function elementsAt(tree: SyntaxNode, offset: number): readonly SyntaxElement[] {
  const elements: SyntaxElement[] = [tree];
  for (let element: SyntaxElement | undefined = tree; element !== undefined && isNode(element);) {
    element = childAt(element, offset);
    if (element !== undefined) elements.push(element);
  }
  return elements;
}

function childAt(node: SyntaxNode, offset: number): SyntaxElement | undefined {
  let touching: SyntaxElement | undefined;
  for (const child of node.children) {
    if (child.start > offset) break;
    const end = endOf(child);
    if (end < offset) continue;
    if (touching === undefined || weightAt(child, offset) >= weightAt(touching, offset)) touching = child;
  }
  return touching;
}

/** Names count most, then what begins here: with the cursor behind a name, it is the name that is meant. */
function weightAt(element: SyntaxElement, offset: number): number {
  const token = edgeToken(element, offset);
  if (token === undefined || isTrivia(token.kind) || token.kind === 'end') return 0;
  if (token.kind === 'identifier') return 3;
  return /^\W+$/.test(token.text) ? 1 : 2;
}

/** The token of the element that touches the offset. */
function edgeToken(element: SyntaxElement, offset: number): Token | undefined {
  let current: SyntaxElement | undefined = element;
  while (current !== undefined && isNode(current)) {
    const { children }: SyntaxNode = current;
    current = children.findLast((child) => child.start < offset) ?? children[0];
  }
  return current;
}

/** The nodes around an offset, the innermost first. */
export function nodesAround(tree: SyntaxNode, offset: number): readonly SyntaxNode[] {
  return elementsAt(tree, offset).filter(isNode).toReversed();
}

/** The nodes that hold the character at an offset, the innermost first. */
export function nodesOver(tree: SyntaxNode, offset: number): readonly SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  for (let node: SyntaxElement | undefined = tree; node !== undefined && isNode(node);) {
    nodes.unshift(node);
    node = node.children.find((child) => child.start <= offset && offset < endOf(child));
  }
  return nodes;
}

/** The last token before an offset that is neither white space nor comment; one that reaches beyond the offset counts. */
export function tokenBefore(tree: SyntaxNode, offset: number): Token | undefined {
  return lastBefore(tree, offset);
}

function lastBefore(node: SyntaxNode, offset: number): Token | undefined {
  for (let index = node.children.length - 1; index >= 0; index--) {
    const child = node.children[index] as SyntaxElement;
    if (child.start >= offset) continue;
    if (!isNode(child)) {
      if (!isTrivia(child.kind) && child.kind !== 'end') return child;
      continue;
    }
    const found = lastBefore(child, offset);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The innermost scope that an offset lies in. What reaches as far as it can, reaches over the blanks behind it. */
export function scopeAt(resolution: Resolution, offset: number): Scope {
  const tree = resolution.file.node;
  const last = tokenBefore(tree, offset);
  const meant = last === undefined ? offset : Math.min(offset, endOf(last));
  let scope = resolution.file;
  for (;;) {
    const inner: Scope | undefined = scope.children.find(({ node }) => isWithin(node, offset, meant));
    if (inner === undefined) return scope;
    scope = inner;
  }
}

function isWithin(node: SyntaxNode, offset: number, meant: number): boolean {
  if (node.kind === 'attributes') {
    const closing = tokenOf(node, '}');
    return node.start < offset && (closing === undefined ? meant <= node.end : offset <= closing.start);
  }
  return node.start < meant && meant <= node.end;
}

/** The name at an offset, as a use or as a definition; the offset behind a name is still on it. */
export function useAt({ uses }: Resolution, offset: number): Use | undefined {
  const index = firstIndex(uses, (use) => use.start > offset) - 1;
  return [uses[index], uses[index - 1]].find((use) => use !== undefined && touches(use, offset));
}

/** The use that begins at an offset. */
export function useFrom({ uses }: Resolution, start: number): Use | undefined {
  const use = uses[firstIndex(uses, (candidate) => candidate.start >= start)];
  return use?.start === start ? use : undefined;
}

export function definitionAt({ definitions }: Resolution, offset: number): Definition | undefined {
  return definitions.find(({ sites }) => sites.some((site) => touches(site, offset)));
}

export function touches({ start, end }: Place, offset: number): boolean {
  return start <= offset && offset <= end;
}

/** The index of the first element that passes, of a list in which those that do not come first. */
function firstIndex<T>(list: readonly T[], passes: (element: T) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (passes(list[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}
