import type { Site } from './fault.ts';
import { askRest } from './fork.ts';
import { force } from './thunk.ts';
import type { Slot, Value } from './value.ts';

/** The groups in which the reference lists the builtins. */
export type BuiltinGroup =
  | 'attributes'
  | 'context'
  | 'control'
  | 'conversion'
  | 'derivations'
  | 'functions'
  | 'hashing'
  | 'lists'
  | 'numbers'
  | 'paths'
  | 'strings'
  | 'types'
  | 'versions';

/** An expression and what `cab eval` shows for it, with the files of the tree that it reads, by their paths. */
export interface Example {
  readonly expression: string;
  readonly result: string;
  readonly files?: Readonly<Record<string, string>>;
}

type Run = (site: Site, ...slots: Slot[]) => Value;

/** A function of the language that the evaluator brings, and all that is said about it. */
export interface BuiltinDefinition {
  readonly name: string;
  readonly group: BuiltinGroup;
  /** Such as `(a -> b) -> [a] -> [b]`. */
  readonly signature: string;
  /** One line. */
  readonly description: string;
  readonly example: Example;
  /** The arguments that are evaluated in any case, by their index, and in that order: the first of them may come evaluated. */
  readonly forces?: readonly number[];
  /** What the line leaves open: sentences in Markdown. */
  readonly details?: string;
  readonly furtherExamples?: readonly Example[];
  /** How many arguments `run` takes, one call each. */
  readonly arity: number;
  readonly run: Run;
}

const byName = new Map<string, BuiltinDefinition>();

/** The builtin of that name; where the builtins themselves cannot be imported too. */
export function builtinNamed(name: string): BuiltinDefinition | undefined {
  return byName.get(name);
}

/** Declares a builtin. `run` gets the place of the call and its arguments, none of them evaluated. */
export function defineBuiltin(definition: Omit<BuiltinDefinition, 'arity'>): BuiltinDefinition {
  const { run, forces = [] } = definition;
  const arity = run.length - 1;
  const complete = { ...definition, arity, run: forces.length < 2 ? run : askingForAll(run, arity, forces) };
  byName.set(complete.name, complete);
  return complete;
}

/** `run` of a builtin that needs several of its arguments: if one of them waits for an effect, the others ask for theirs. */
function askingForAll(run: Run, arity: number, forces: readonly number[]): Run {
  const needed = (error: unknown, slots: readonly Slot[]) =>
    askRest(error, forces, 0, (index) => force(slots[index] as Slot));
  if (arity !== 2) {
    return (site, ...slots) => {
      try {
        return run(site, ...slots);
      } catch (error) {
        throw needed(error, slots);
      }
    };
  }
  return (site, first, second) => {
    try {
      return run(site, first, second);
    } catch (error) {
      throw needed(error, [first, second]);
    }
  };
}

/** A builtin with the arguments that it has got so far. */
export class BuiltinFunction {
  readonly definition: BuiltinDefinition;
  readonly applied: readonly Slot[];

  constructor(definition: BuiltinDefinition, applied: readonly Slot[] = []) {
    this.definition = definition;
    this.applied = applied;
  }
}
