import { isNode, type NodeKind, type SyntaxNode, type Token } from '../syntax/index.ts';
import { bindingsOf, boundNameOf, isBare, keysOf, operandsOf, staticName } from './nodes.ts';
import {
  type Definition,
  type DefinitionKind,
  type Resolution,
  type Scope,
  type Use,
  lookUp,
} from './scope.ts';

interface OpenScope extends Scope {
  readonly names: Map<string, Definition>;
  readonly children: OpenScope[];
}

/** Finds what each name of a text refers to, however broken the text is. */
export function resolve(tree: SyntaxNode): Resolution {
  const resolver = new Resolver();
  const file = openScope(tree, undefined);
  resolver.walkChildren(tree, file);
  const { definitions, uses } = resolver;
  return { file, definitions: definitions.toSorted(byFirstSite), uses: uses.toSorted(byStart) };
}

function openScope(node: SyntaxNode, parent: OpenScope | undefined): OpenScope {
  const scope: OpenScope = { node, parent, names: new Map(), children: [] };
  parent?.children.push(scope);
  return scope;
}

class Resolver {
  readonly definitions: Definition[] = [];
  readonly uses: Use[] = [];

  walk(node: SyntaxNode, scope: OpenScope): void {
    const walk = walks[node.kind];
    if (walk === undefined) this.walkChildren(node, scope);
    else walk(this, node, scope);
  }

  walkChildren(node: SyntaxNode, scope: OpenScope): void {
    for (const child of node.children) if (isNode(child)) this.walk(child, scope);
  }

  lambda(node: SyntaxNode, outer: OpenScope): void {
    const scope = openScope(node, outer);
    const [parameter, ...rest] = operandsOf(node);
    if (parameter?.kind === 'parameter') this.defineToken(scope, 'parameter', parameter.children[0] as Token);
    else if (parameter?.kind === 'pattern') this.pattern(parameter, scope);
    for (const child of node.children) if (child.kind === 'error') this.misplacedArguments(child, scope);
    for (const operand of rest) this.walk(operand, scope);
  }

  private pattern(pattern: SyntaxNode, scope: OpenScope): void {
    this.defineToken(scope, 'arguments', boundNameOf(pattern));
    const fields = bindingsOf(pattern);
    for (const field of fields) this.defineKey(scope, 'field', keysOf(field)[0], field);
    for (const child of pattern.children) {
      if (!isNode(child)) continue;
      if (child.kind === 'binding') this.walkChildren(child, scope);
      else this.walk(child, scope);
    }
  }

  /** `{ … } @ args =>`, which has been reported: its name is known all the same. */
  private misplacedArguments(error: SyntaxNode | Token, scope: OpenScope): void {
    if (!isNode(error)) return;
    for (const child of error.children)
      if (!isNode(child) && child.kind === 'identifier') this.defineToken(scope, 'arguments', child);
  }

  let(node: SyntaxNode, outer: OpenScope): void {
    const scope = openScope(node, outer);
    for (const binding of bindingsOf(node)) this.defineKey(scope, 'let', keysOf(binding)[0], binding);
    this.walkChildren(node, scope);
  }

  attributes(node: SyntaxNode, outer: OpenScope): void {
    const name = boundNameOf(node);
    const scope = name === undefined ? outer : openScope(node, outer);
    this.defineToken(scope, 'self', name);
    for (const child of node.children) {
      if (!isNode(child)) continue;
      if (child.kind === 'binding' && isBare(child)) this.bare(child, scope);
      else this.walk(child, scope);
    }
  }

  private bare(binding: SyntaxNode, scope: OpenScope): void {
    const [key] = keysOf(binding);
    if (key !== undefined) this.use(key, scope, binding);
  }

  passedOver(node: SyntaxNode, scope: OpenScope): void {
    for (const child of node.children) {
      if (isNode(child)) this.walk(child, scope);
      else if (child.kind === 'identifier')
        this.addUse(child.text, child.start, endOfToken(child), scope, true);
    }
  }

  use(node: SyntaxNode, scope: OpenScope, bare: SyntaxNode | undefined): void {
    const name = staticName(node);
    if (name !== undefined) this.addUse(name, node.start, node.end, scope, false, bare);
  }

  private addUse(
    name: string,
    start: number,
    end: number,
    scope: Scope,
    isDoubtful: boolean,
    bare?: SyntaxNode,
  ): void {
    const definition = lookUp(scope, name);
    const use: Use = { name, start, end, scope, definition, bare, isDoubtful };
    this.uses.push(use);
    definition?.uses.push(use);
  }

  private defineKey(
    scope: OpenScope,
    kind: DefinitionKind,
    key: SyntaxNode | undefined,
    binding: SyntaxNode,
  ): void {
    const name = key && staticName(key);
    if (key === undefined || name === undefined) return;
    this.define(scope, kind, name, { start: key.start, end: key.end, binding });
  }

  private defineToken(scope: OpenScope, kind: DefinitionKind, token: Token | undefined): void {
    if (token === undefined) return;
    this.define(scope, kind, token.text, { start: token.start, end: endOfToken(token), binding: undefined });
  }

  private define(scope: OpenScope, kind: DefinitionKind, name: string, site: Definition['sites'][0]): void {
    const known = scope.names.get(name);
    if (known !== undefined) {
      known.sites.push(site);
      return;
    }
    const definition: Definition = { kind, name, scope, sites: [site], uses: [] };
    scope.names.set(name, definition);
    this.definitions.push(definition);
  }
}

/** The nodes that bind or use names; all others only hold such. */
const walks: Partial<Record<NodeKind, (resolver: Resolver, node: SyntaxNode, scope: OpenScope) => void>> = {
  name: (resolver, node, scope) => resolver.use(node, scope, undefined),
  lambda: (resolver, node, scope) => resolver.lambda(node, scope),
  let: (resolver, node, scope) => resolver.let(node, scope),
  attributes: (resolver, node, scope) => resolver.attributes(node, scope),
  error: (resolver, node, scope) => resolver.passedOver(node, scope),
};

function endOfToken({ start, text }: Token): number {
  return start + text.length;
}

function byStart(left: Use, right: Use): number {
  return left.start - right.start;
}

function byFirstSite(left: Definition, right: Definition): number {
  return (left.sites[0]?.start ?? 0) - (right.sites[0]?.start ?? 0);
}
