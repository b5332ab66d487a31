import { type Derivation, type DerivationInput, placeholderOf } from '../../derivations/index.ts';
import type { StorePath } from '../../foundation/index.ts';
import { ContextString, type Value } from './value.ts';

/** What a text mentions: an output of a derivation by its placeholder, or a tree of the store by its path. */
export type ContextElement =
  | { readonly kind: 'output'; readonly derivation: Derivation; readonly output: string }
  | { readonly kind: 'tree'; readonly path: StorePath };

/** A set of elements, by a key that is the same for equal ones. */
export type Context = ReadonlyMap<string, ContextElement>;

export const noContext: Context = new Map();

/** The string with the context, plain where that is empty. */
export function withContext(text: string, context: Context): string | ContextString {
  return context.size === 0 ? text : new ContextString(text, context);
}

export function isString(value: Value): value is string | ContextString {
  return typeof value === 'string' || value instanceof ContextString;
}

export function textOf(value: string | ContextString): string {
  return typeof value === 'string' ? value : value.text;
}

export function contextOf(value: string | ContextString): Context {
  return typeof value === 'string' ? noContext : value.context;
}

/** Gathers what many texts mention, each element once, whatever their order and number. */
export class ContextCollector {
  #context: Context = noContext;
  /** The same map, where it is this collector's own and nobody has it yet. */
  #own: Map<string, ContextElement> | undefined;

  add(context: Context): void {
    if (context.size === 0 || context === this.#context) return;
    if (this.#context.size === 0) {
      this.#context = context;
      return;
    }
    for (const [key, element] of context) {
      if (this.#context.has(key)) continue;
      this.#own ??= new Map(this.#context);
      this.#own.set(key, element);
      this.#context = this.#own;
    }
  }

  /** All of it so far. */
  get context(): Context {
    this.#own = undefined;
    return this.#context;
  }
}

export function mergeContexts(left: Context, right: Context): Context {
  if (right.size === 0 || left === right) return left;
  if (left.size === 0) return right;
  const merged = new Map(left);
  for (const [key, element] of right) merged.set(key, element);
  return merged.size === left.size ? left : merged;
}

const outputStrings = new WeakMap<Derivation, Map<string, ContextString>>();

/** The placeholder of an output, with the output in its context: made once, however many texts mention it. */
export function outputString(derivation: Derivation, output: string): ContextString {
  const known = outputStrings.get(derivation);
  const before = known?.get(output);
  if (before !== undefined) return before;
  const made = makeOutputString(derivation, output);
  if (known === undefined) outputStrings.set(derivation, new Map([[output, made]]));
  else known.set(output, made);
  return made;
}

function makeOutputString(derivation: Derivation, output: string): ContextString {
  const element: ContextElement = { kind: 'output', derivation, output };
  return new ContextString(
    placeholderOf(derivation, output),
    new Map([[`output:${derivation.id}:${output}`, element]]),
  );
}

/** The path of a tree in the store, with the tree in its context. */
export function treeString(path: StorePath): ContextString {
  return new ContextString(path, new Map([[`tree:${path}`, { kind: 'tree', path }]]));
}

/** The context as the inputs of a derivation. */
export function inputsOf(context: Context): {
  readonly derivations: readonly DerivationInput[];
  readonly trees: readonly StorePath[];
} {
  const derivations: DerivationInput[] = [];
  const trees: StorePath[] = [];
  for (const element of context.values()) {
    if (element.kind === 'tree') trees.push(element.path);
    else derivations.push({ derivation: element.derivation, outputs: [element.output] });
  }
  return { derivations, trees };
}
