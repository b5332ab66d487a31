import type { Derivation } from '../../derivations/index.ts';
import { DiagnosticError, type Source } from '../../diagnostics/index.ts';
import type { Json } from '../../foundation/index.ts';
import { globalNames } from './builtins/index.ts';
import { call } from './call.ts';
import { callEntry, parametersOf } from './entry.ts';
import { Evaluation } from './evaluation.ts';
import { type Site, faultOf } from './fault.ts';
import { forceDeep } from './force-deep.ts';
import { forgetAsked } from './fork.ts';
import { jsonOf } from './json.ts';
import { attributeOf, missingAttribute } from './select.ts';
import { type ShowOptions, show } from './show.ts';
import { force } from './thunk.ts';
import { toDerivation } from './to-derivation.ts';
import type { Slot, Value } from './value.ts';
import { EffectNeeded, type TreePath, type World } from './world.ts';

/**
 * The door to evaluation. Everything here throws a `DiagnosticError` where the user is to be told something, and lets an
 * `EffectNeeded` of the world pass; after that the same call can be made again, and finds what was computed before.
 */
export class Evaluator {
  readonly #evaluation: Evaluation;
  readonly #site: Site;

  constructor(world: World) {
    this.#evaluation = new Evaluation(world);
    this.#site = { evaluation: this.#evaluation, span: undefined };
  }

  /** The value of a file, or of the `default.cab` of a folder. Files are evaluated once, whoever asks for them. */
  evaluateFile(path: TreePath): Value {
    return this.#attempt(() => this.#evaluation.importFile(path, this.#site));
  }

  /** The value of a text whose relative paths begin at `folder`. It sees `names` besides the builtins. */
  evaluateText(source: Source, folder: TreePath, names: ReadonlyMap<string, Slot> = new Map()): Value {
    const globals = names.size === 0 ? globalNames : new Map([...globalNames, ...names]);
    return this.#attempt(() => this.#evaluation.evaluateText(source, folder, globals));
  }

  force(slot: Slot): Value {
    return this.#attempt(() => force(slot));
  }

  /** Evaluates everything within the value. */
  forceDeep(slot: Slot): Value {
    return this.#attempt(() => forceDeep(slot));
  }

  /** The value at the end of a path of attribute names. */
  select(value: Value, path: readonly string[]): Value {
    return this.#attempt(() => {
      let selected = value;
      for (const name of path) {
        const slot = attributeOf(selected, name);
        if (slot === undefined) throw missingAttribute(selected, name, this.#site);
        selected = force(slot);
      }
      return selected;
    });
  }

  /** The arguments that a function names, each with whether it has a default; undefined for what is no such function. */
  parametersOf(value: Value): ReadonlyMap<string, boolean> | undefined {
    return parametersOf(value);
  }

  /** The value of a function for an argument. */
  call(callee: Value, argument: Slot): Value {
    return this.#attempt(() => call(callee, argument, this.#site));
  }

  /** Calls the function of an entry file with named arguments; a value that is no function is itself, if there are none. */
  callEntry(value: Value, named: Readonly<Record<string, Value>>): Value {
    return this.#attempt(() => callEntry(value, named, this.#site));
  }

  /**
   * The value as JSON, a derivation as its id, name and the placeholders of its outputs. An integer that a double
   * cannot hold becomes a raw JSON value, which `JSON.stringify` writes digit by digit.
   */
  toJson(value: Value): Json {
    return this.#attempt(() => jsonOf(value, this.#site));
  }

  /** The value in the syntax of the language, laid out for reading. */
  show(value: Value, options?: ShowOptions): string {
    return this.#attempt(() => show(value, options));
  }

  /** The derivation that a value is, or that an island becomes; undefined for anything else. */
  asDerivation(value: Value): Derivation | undefined {
    return this.#attempt(() => toDerivation(value, this.#site)?.derivation);
  }

  /** Does something with values; where that goes too deep or grows too large, it is told as it is of an evaluation. */
  attempt<T>(action: () => T): T {
    return this.#attempt(action);
  }

  #attempt<T>(action: () => T): T {
    const { traces } = this.#evaluation;
    forgetAsked();
    try {
      const result = action();
      traces.finish();
      return result;
    } catch (error) {
      if (error instanceof EffectNeeded) traces.giveUp();
      else traces.finish();
      const fault = faultOf(error);
      if (fault === undefined) throw error;
      throw new DiagnosticError(fault.finish(), { cause: error });
    }
  }
}
