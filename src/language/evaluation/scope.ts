import type { Source, Span } from '../../diagnostics/index.ts';
import type {
  ApplyExpression,
  Expression,
  LambdaExpression,
  LetExpression,
  Located,
} from '../syntax/index.ts';
import { type CallPlace, callPlaceOf } from './call-place.ts';
import type { Evaluation } from './evaluation.ts';
import type { Site } from './fault.ts';
import { LambdaCode } from './lambda.ts';
import type { Slot } from './value.ts';
import type { TreePath } from './world.ts';

/** The names that a text sees without binding them. */
export type GlobalNames = ReadonlyMap<string, Slot>;

/** A text that is being evaluated. `folder` is what its relative paths begin at. */
export class FileContext {
  readonly evaluation: Evaluation;
  readonly source: Source;
  readonly folder: TreePath;
  readonly globals: GlobalNames;

  constructor(evaluation: Evaluation, source: Source, folder: TreePath, globals: GlobalNames) {
    this.evaluation = evaluation;
    this.source = source;
    this.folder = folder;
    this.globals = globals;
  }

  spanOf(located: Located): Span {
    return { source: this.source, start: located.start, end: located.end };
  }

  siteOf(located: Located): Site {
    return new TextSite(this, located);
  }
}

/** A place in a text where something is asked of the evaluation. Its span is made when an error needs it. */
class TextSite implements Site {
  readonly #file: FileContext;
  readonly #located: Located;

  constructor(file: FileContext, located: Located) {
    this.#file = file;
    this.#located = located;
  }

  get evaluation(): Evaluation {
    return this.#file.evaluation;
  }

  get span(): Span {
    return this.#file.spanOf(this.#located);
  }

  get call(): CallPlace | undefined {
    const { kind } = this.#located as Expression;
    return kind === 'apply' ? callPlaceOf(this.#located as ApplyExpression, this.#file) : undefined;
  }
}

/** Where a variable is found: so many frames out, at that index. Or the value of a global name. */
export type Resolution =
  | { readonly kind: 'variable'; readonly depth: number; readonly index: number }
  | { readonly kind: 'global'; readonly slot: Slot };

/** The shape of a frame: index 0 is the frame around it. It grows while what runs in it is compiled. */
export interface Layout {
  size: number;
  /** The scopes of the expressions that bind names in it, so that code made later finds them where the first put them. */
  scopes: Map<Expression, Scope> | undefined;
  lambdas: Map<LambdaExpression, LambdaCode> | undefined;
}

/** From how many names on a scope looks them up in a dictionary. */
const dictionaryLength = 16;

/** The names that are visible at a place, and where their values will be. */
export class Scope {
  readonly file: FileContext;
  readonly layout: Layout;
  readonly outer: Scope | undefined;
  /** The names that the scope itself declares; they lie in the frame one after the other. */
  readonly names: readonly string[];
  /** The index in the frame of the first of them. */
  readonly first: number;
  /** The expression that binds them, where that is no function. */
  readonly binder: Expression | undefined;
  #indices: Map<string, number> | undefined;

  private constructor(
    file: FileContext,
    outer: Scope | undefined,
    layout: Layout,
    names: readonly string[],
    binder?: Expression,
  ) {
    this.binder = binder;
    this.file = file;
    this.outer = outer;
    this.layout = layout;
    this.names = names;
    this.first = layout.size;
    layout.size += names.length;
  }

  static ofFile(file: FileContext): Scope {
    return new Scope(file, undefined, newLayout(), []);
  }

  /** The scope of an expression that binds names within the same frame. */
  nested(expression: Expression, names: readonly string[]): Scope {
    const scopes = (this.layout.scopes ??= new Map());
    const known = scopes.get(expression);
    if (known !== undefined) return known;
    const scope = new Scope(this.file, this, this.layout, names, expression);
    scopes.set(expression, scope);
    return scope;
  }

  /** The scope of a function, or of anything else with a frame of its own. */
  withFrame(names: readonly string[]): Scope {
    return new Scope(this.file, this, newLayout(), names);
  }

  lambda(expression: LambdaExpression): LambdaCode {
    const lambdas = (this.layout.lambdas ??= new Map());
    const known = lambdas.get(expression);
    if (known !== undefined) return known;
    const code = new LambdaCode(expression, this);
    lambdas.set(expression, code);
    return code;
  }

  /** The function that the name is bound to in the text, where it is bound to one as it stands. */
  lambdaBoundTo(name: string): LambdaExpression | undefined {
    if (!this.names.includes(name)) return this.outer?.lambdaBoundTo(name);
    return this.binder?.kind === 'let' ? lambdaIn(this.binder, name) : undefined;
  }

  /** Every name is resolved: `checkNames` has looked at the whole text before. */
  resolve(name: string): Resolution {
    const here = this.#indexOf(name);
    if (here !== undefined) return { kind: 'variable', depth: 0, index: here };
    let depth = 0;
    let { layout } = this;
    for (let { outer } = this; outer !== undefined; outer = outer.outer) {
      if (outer.layout !== layout) depth++;
      layout = outer.layout;
      const index = outer.#indexOf(name);
      if (index !== undefined) return { kind: 'variable', depth, index };
    }
    const slot = this.file.globals.get(name);
    if (slot === undefined) throw new Error(`the name '${name}' was not checked`);
    return { kind: 'global', slot };
  }

  /** Where the name is in the frame, if this very scope declares it: of two parameters of the same name the last counts. */
  #indexOf(name: string): number | undefined {
    const { names, first } = this;
    if (names.length < dictionaryLength) {
      const position = names.lastIndexOf(name);
      return position === -1 ? undefined : first + position;
    }
    this.#indices ??= new Map(names.map((other, position) => [other, first + position]));
    return this.#indices.get(name);
  }
}

function lambdaIn({ bindings }: LetExpression, name: string): LambdaExpression | undefined {
  const binding = bindings.find(({ path: [key, ...rest] }) => rest.length === 0 && key?.parts[0] === name);
  return binding?.path[0]?.parts.length === 1 && binding.value.kind === 'lambda' ? binding.value : undefined;
}

function newLayout(): Layout {
  return { size: 1, scopes: undefined, lambdas: undefined };
}
