import {
  bindingsOf,
  isBare,
  keysOf,
  staticName,
  staticText,
  valueOf,
} from '../../language/resolution/index.ts';
import { type SyntaxElement, type SyntaxNode, type Token, isNode } from '../../language/syntax/index.ts';
import { type IslandBody, type IslandResult, makeIsland } from '../../workspace/index.ts';

/** An island literal as it is written. What is computed is undefined. */
export interface WrittenIsland {
  readonly type: string;
  readonly typeStart: number;
  readonly result: IslandResult | undefined;
  /** The path behind `>`, which may be empty. */
  readonly inner: string | undefined;
  /** Where the island itself ends, without a path behind it. */
  readonly end: number;
  /** Whether its `>` is there. */
  readonly isClosed: boolean;
}

export function writtenIsland(node: SyntaxNode): WrittenIsland {
  const { children, start } = node;
  const closing = indexOf(children, 'island-end');
  const separator = Math.min(indexOf(children, 'island-subtree'), closing);
  const type = (children[0] as Token).text.slice(1, -1);
  const options = children.find((child): child is SyntaxNode => child.kind === 'attributes');
  const body = options === undefined ? textOf(children.slice(1, separator)) : optionsOf(options);
  const subtree = textOf(children.slice(separator + 1, closing));
  const end = children[closing];
  return {
    type,
    typeStart: start + 1,
    result: body === undefined || subtree === undefined ? undefined : makeIsland(type, body, subtree),
    inner: textOf(children.slice(closing + 1)),
    end: end === undefined ? node.end : end.start + 1,
    isClosed: end !== undefined,
  };
}

function textOf(children: readonly SyntaxElement[]): string | undefined {
  return staticText({
    kind: 'path',
    start: 0,
    end: 0,
    children: children.filter((child) => child.kind !== 'whitespace'),
  });
}

function optionsOf(node: SyntaxNode): IslandBody | undefined {
  const options: [string, string | boolean][] = [];
  for (const binding of bindingsOf(node)) {
    const [key, ...more] = keysOf(binding);
    const name = key && staticName(key);
    const value = isBare(binding) || more.length > 0 ? undefined : optionValue(valueOf(binding));
    if (name === undefined || value === undefined) return undefined;
    options.push([name, value]);
  }
  return Object.fromEntries(options);
}

function optionValue(node: SyntaxNode | undefined): string | boolean | undefined {
  if (node?.kind === 'string') return staticText(node);
  const name = node?.kind === 'name' ? staticName(node) : undefined;
  return name === 'true' || name === 'false' ? name === 'true' : undefined;
}

function indexOf(children: readonly SyntaxElement[], kind: Token['kind']): number {
  const index = children.findIndex((child) => !isNode(child) && child.kind === kind);
  return index === -1 ? children.length : index;
}
