import type { Source, Span } from '../../diagnostics/index.ts';
import type { Located } from '../syntax/index.ts';
import type { Evaluation } from './evaluation.ts';
import type { Site } from './fault.ts';
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
    return { evaluation: this.evaluation, span: this.spanOf(located) };
  }
}

/** Where a variable is found: so many frames out, at that index. Or the value of a global name. */
export type Resolution =
  | { readonly kind: 'variable'; readonly depth: number; readonly index: number }
  | { readonly kind: 'global'; readonly slot: Slot };

/** The shape of a frame: index 0 is the frame around it. It grows while the body is compiled. */
interface Layout {
  readonly outer: Layout | undefined;
  size: number;
}

/** The names that are visible at a place, and where their values will be. */
export class Scope {
  readonly file: FileContext;
  readonly layout: Layout;
  readonly outer: Scope | undefined;
  readonly #indices = new Map<string, number>();

  private constructor(file: FileContext, outer: Scope | undefined, layout: Layout) {
    this.file = file;
    this.outer = outer;
    this.layout = layout;
  }

  static ofFile(file: FileContext): Scope {
    return new Scope(file, undefined, { outer: undefined, size: 1 });
  }

  /** A scope for names within the same frame. */
  nested(): Scope {
    return new Scope(this.file, this, this.layout);
  }

  /** The scope of a function, which has a frame of its own. */
  ofFunction(): Scope {
    return new Scope(this.file, this, { outer: this.layout, size: 1 });
  }

  /** Gives the name a place in the frame. */
  declare(name: string): number {
    const index = this.layout.size++;
    this.#indices.set(name, index);
    return index;
  }

  /** Every name is resolved: `checkNames` has looked at the whole text before. */
  resolve(name: string): Resolution {
    return resolveFrom(this, name, 0);
  }

  /** Where the name is in the frame, if this very scope declares it. */
  indexOf(name: string): number | undefined {
    return this.#indices.get(name);
  }
}

function resolveFrom(scope: Scope, name: string, depth: number): Resolution {
  const index = scope.indexOf(name);
  if (index !== undefined) return { kind: 'variable', depth, index };
  const { outer } = scope;
  if (outer !== undefined) return resolveFrom(outer, name, outer.layout === scope.layout ? depth : depth + 1);
  const slot = scope.file.globals.get(name);
  if (slot === undefined) throw new Error(`the name '${name}' was not checked`);
  return { kind: 'global', slot };
}
