import type { Site } from '../fault.ts';
import type { Scope } from '../scope.ts';
import type { Program } from './program.ts';

/** How the text of a function reaches its own frame and the one around it. */
export interface FrameAccess {
  /** An expression for the frame, which makes it where it is made on demand. */
  readonly frame: string;
  readonly outer: string;
  /** The variables in which the function has what is, or would be, in its frame, by index. */
  readonly locals: Map<number, string>;
}

/** What goes on as it was before it was promoted where an effect is waited for. */
export interface Demotable {
  demote(): void;
}

/** Writes one function: gives out its temporary variables, and keeps in mind what it knows. */
export class FunctionWriter {
  readonly program: Program;
  readonly access: FrameAccess;
  readonly sites: { readonly site: Site; readonly title: string }[] = [];
  /** The variables whose thunks have surely been replaced by their values where the text goes on. */
  forced = new Set<string>();
  /** What `s` is behind a call. */
  around = 0;
  readonly #free: string[] = [];
  readonly #locals = new Set<string>();
  #temporaries = 0;

  constructor(program: Program, access: FrameAccess) {
    this.program = program;
    this.access = access;
  }

  /** Temporary variables for what `write` writes; they are free again behind it. */
  with(count: number, write: (...names: string[]) => string): string {
    const names: string[] = [];
    while (names.length < count) names.push(this.#free.pop() ?? `t${this.#temporaries++}`);
    const text = write(...names);
    this.#free.push(...names.toReversed());
    return text;
  }

  /** A variable for what has no place in the frame, though an index of it. */
  local(index: number): string {
    const name = `v${index}`;
    this.access.locals.set(index, name);
    this.#locals.add(name);
    return name;
  }

  /** Writes a part that may not be run: what it learns about variables does not hold behind it. */
  branch(write: () => string): string {
    const before = this.forced;
    this.forced = new Set(before);
    const text = write();
    this.forced = before;
    return text;
  }

  /** Writes an argument that is evaluated for a call: what goes wrong in it is told as within the call. */
  within(number: number, write: () => string): string {
    const before = this.around;
    this.around = number;
    const text = write();
    this.around = before;
    return text;
  }

  /** The number that `s` has while the call goes on; an error that passes it is told with the site and the title. */
  site(site: Site, title: string): number {
    this.sites.push({ site, title });
    return this.sites.length;
  }

  /** The expression for a variable, and what identifies it within this function. */
  variable(depth: number, index: number): string {
    const { access } = this;
    if (depth === 0) return access.locals.get(index) ?? `${access.frame}[${index}]`;
    return `${access.outer}${'[0]'.repeat(depth - 1)}[${index}]`;
  }

  /** The body of a function whose result is the expression, behind `before`. `owner` is what has the function as its code, where that evaluates something. */
  body(before: string, result: string, owner?: Demotable): string {
    const temporaries = Array.from({ length: this.#temporaries }, (_, index) => `t${index}`);
    const declared = [...temporaries, ...this.#locals, ...(this.sites.length > 0 ? ['s = 0'] : [])];
    const declaration = declared.length === 0 ? '' : `let ${declared.join(', ')};`;
    if (owner === undefined) return `${declaration}${before}return ${result};`;
    const number = this.sites.length > 0 ? 's' : '0';
    const constants = `${this.program.constant(this.sites)}, ${number}, ${this.program.constant(owner)}`;
    return `${declaration}${before}try { return ${result}; } catch (error) { throw annotatedCall(error, ${constants}); }`;
  }
}

/** The scope and the function that an expression is written in. */
export interface Place {
  readonly scope: Scope;
  readonly writer: FunctionWriter;
}
