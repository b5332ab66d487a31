import type { SyntaxNode } from '../syntax/index.ts';

export type DefinitionKind =
  /** A binding of a `let`. */
  | 'let'
  /** `x` in `x => …`. */
  | 'parameter'
  /** A field of a pattern: a variable in the body, and an attribute of the argument. */
  | 'field'
  /** `args` in `args @ { … } => …`. */
  | 'arguments'
  /** `self` in `self @ { … }`. */
  | 'self';

/** A place where a name is written, as UTF-16 offsets, the end excluded. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** A place that defines a name, with the binding it stands in where there is one. */
export interface Site extends Place {
  readonly binding: SyntaxNode | undefined;
}

/** A name that a text binds, with everything that refers to it. */
export interface Definition {
  readonly kind: DefinitionKind;
  readonly name: string;
  readonly scope: Scope;
  /** One place, and several only for `let a.b = …, a.c = …` and for names that are bound twice, which is an error. */
  readonly sites: Site[];
  readonly uses: Use[];
}

/** A name in the place of a variable. `definition` is undefined where nothing in the text binds it. */
export interface Use extends Place {
  readonly name: string;
  readonly scope: Scope;
  readonly definition: Definition | undefined;
  /** The binding of which the name is all, as in `{ d, }`: it names an attribute as well. */
  readonly bare: SyntaxNode | undefined;
  /** Whether it stands where recovery passed over the text: it may or may not have been meant as a name. */
  readonly isDoubtful: boolean;
}

/** A stretch of a text in which names are visible: a lambda, a `let`, attributes with a name for themselves, or the file. */
export interface Scope {
  readonly node: SyntaxNode;
  readonly parent: Scope | undefined;
  readonly names: ReadonlyMap<string, Definition>;
  readonly children: readonly Scope[];
}

/** All names of a text, in its order. */
export interface Resolution {
  readonly file: Scope;
  readonly definitions: readonly Definition[];
  readonly uses: readonly Use[];
}

/** What a name means in a scope, if the text binds it there or around. */
export function lookUp(scope: Scope, name: string): Definition | undefined {
  for (let current: Scope | undefined = scope; current !== undefined; current = current.parent) {
    const definition = current.names.get(name);
    if (definition !== undefined) return definition;
  }
  return undefined;
}

/** All that is visible in a scope, the inner before the outer. */
export function visibleIn(scope: Scope): ReadonlyMap<string, Definition> {
  const visible = new Map<string, Definition>();
  for (let current: Scope | undefined = scope; current !== undefined; current = current.parent) {
    for (const [name, definition] of current.names) if (!visible.has(name)) visible.set(name, definition);
  }
  return visible;
}
