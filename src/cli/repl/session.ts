import { setImmediate as turn } from 'node:timers/promises';
import { type Diagnostic, DiagnosticError, type Source } from '../../diagnostics/index.ts';
import { Attributes, type Slot, type Value, showName, typeNameOf } from '../../language/evaluation/index.ts';
import {
  type Installable,
  type LockMode,
  type Project,
  type Workspace,
  parseInstallable,
} from '../../workspace/index.ts';
import type { CommandContext } from '../command.ts';
import { commandNamed } from './commands/index.ts';
import { DerivedSources } from './derived-source.ts';
import { display } from './display.ts';
import type { DefinitionPlace } from './documentation.ts';
import { type Memory, type Remembered, remembering } from './memory.ts';
import { bindingsPrefix, boundNames, isUnfinished, readStatement } from './statement.ts';
import type { Paper } from './text.ts';

export interface SessionOptions {
  readonly context: CommandContext;
  readonly workspace: Workspace;
  /** Whose folder relative paths begin at, and whose lock islands are read with. */
  readonly installable: Installable;
  readonly mode: LockMode;
  readonly overrides: ReadonlyMap<string, string>;
}

/** The name of the last value that was shown. */
const lastValueName = 'it';

/** How many errors of one statement are told. */
const errorLimit = 20;

/** Names with their values, and what is done with what a user types. */
export class Session {
  readonly options: SessionOptions;
  readonly sources = new DerivedSources();
  readonly #places = new Map<string, DefinitionPlace>();
  #project: Project;
  #names: ReadonlyMap<string, Slot> = new Map();
  #done: readonly Remembered[] = [];
  #isOver = false;
  #isRecalling = false;

  constructor(options: SessionOptions) {
    this.options = options;
    this.#project = this.#newProject();
  }

  get project(): Project {
    return this.#project;
  }

  get paper(): Paper {
    const { color } = this.options.context;
    return { color, width: process.stdout.columns ?? 80 };
  }

  /** The names that the user has bound. */
  get names(): ReadonlyMap<string, Slot> {
    return this.#names;
  }

  /** What has to be done again to come to the same names. */
  get memory(): Memory {
    return { done: this.#done, pins: this.#project.lock.learnedPins };
  }

  /** Whether the user has asked to leave. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Does what was typed; what is wrong with it is told, and changes nothing. False where something was. */
  async run(text: string, number: number): Promise<boolean> {
    return await this.#telling(async () => {
      await this.#perform({ name: `<repl:${number}>`, text }, number);
    });
  }

  /** The same for what the command line names. */
  async open(word: string, given: ReadonlyMap<string, string>): Promise<boolean> {
    return await this.#telling(() => this.load(word, given));
  }

  /** Comes to the names that another session had, as far as that can be done, without showing anything again. */
  async recall({ done, pins }: Memory): Promise<void> {
    this.#project.lock.adopt(pins);
    for (const each of done) await this.#telling(() => this.#recallOne(each));
  }

  /** Reads all files anew; islands stay at what they were pinned to. */
  async reload(): Promise<void> {
    const before = { project: this.#project, names: this.#names, done: this.#done };
    this.#project = this.#newProject();
    this.#project.lock.adopt(before.project.lock.learnedPins);
    this.#names = new Map();
    this.#done = [];
    try {
      for (const each of before.done) await this.#recallOne(each);
    } catch (error) {
      this.#project = before.project;
      this.#names = before.names;
      this.#done = before.done;
      throw error;
    }
  }

  /** Makes the attributes of an installable's value names. */
  async load(word: string, given: ReadonlyMap<string, string>): Promise<void> {
    const installable = parseInstallable(word, this.options.context.folder);
    const value = await this.#project.valueOf(installable, given);
    if (!(value instanceof Attributes)) throw notAttributes(word, value);
    this.#bind(value.entries());
    for (const name of value.names()) {
      const span = value.placeOf(name)?.name;
      if (span !== undefined) this.#places.set(name, { source: span.source, offset: span.start });
    }
    this.#remember({ kind: 'load', word, given });
    this.print(`${value.size} ${value.size === 1 ? 'name' : 'names'} from ${word}\n`);
  }

  /** The value of an expression, with the names that are bound. */
  async evaluate(source: Source): Promise<Value> {
    return await this.#project.textValue(source, this.#names);
  }

  /** Where a name is bound, if that is known. */
  placeOf(name: string): DefinitionPlace | undefined {
    return this.#places.get(name);
  }

  leave(): void {
    this.#isOver = true;
  }

  print(text: string): void {
    if (!this.#isRecalling) this.options.context.print(text);
  }

  async #recallOne(each: Remembered): Promise<void> {
    this.#isRecalling = true;
    try {
      if (each.kind === 'load') await this.load(each.word, each.given);
      else if (each.kind === 'bindings') await this.#define(sourceOf(each), each);
      else await this.#bindLast(sourceOf(each), each);
    } finally {
      this.#isRecalling = false;
    }
  }

  async #telling(work: () => Promise<void>): Promise<boolean> {
    const { context } = this.options;
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      for (const diagnostic of error.diagnostics.slice(0, errorLimit)) this.#tell(diagnostic);
      return false;
    } finally {
      // What was reported is on the screen before anything else is.
      await turn();
      context.signal.throwIfAborted();
    }
  }

  #tell(diagnostic: Diagnostic): void {
    this.options.context.emit({ type: 'diagnostic', diagnostic: this.sources.restore(diagnostic) });
  }

  async #perform(source: Source, number: number): Promise<void> {
    const statement = readStatement(source.text);
    switch (statement.kind) {
      case 'nothing':
        return;
      case 'command': {
        const { name, at, rest } = statement;
        return await commandNamed(name, source).run(this, {
          text: rest,
          source: this.sources.part(source, at, at + rest.length),
        });
      }
      case 'bindings':
        return await this.#define(source, { kind: 'bindings', number, text: source.text });
      case 'expression':
        return await this.#show(source, number);
    }
  }

  async #define(source: Source, remembered: Remembered): Promise<void> {
    if (isUnfinished(source.text)) throw endsEarly(source);
    const names = boundNames(source.text);
    const result = names.map(({ name }) => showName(name)).join(', ');
    const whole = this.sources.around(source, bindingsPrefix, `\nin { ${result} }`);
    const bound = (await this.evaluate(whole)) as Attributes;
    this.#bind(bound.entries());
    for (const { name, at } of names) this.#places.set(name, { source, offset: at });
    this.#remember(remembered);
  }

  async #show(source: Source, number: number): Promise<void> {
    const value = await this.evaluate(source);
    const text = display(this.#project, this.paper, value);
    await turn();
    this.print(`${text}\n`);
    this.#bind([[lastValueName, value]]);
    this.#remember({ kind: 'expression', number, text: source.text });
  }

  /** Binds the last value to what computes it, without computing it. */
  async #bindLast(source: Source, remembered: Remembered): Promise<void> {
    const whole = this.sources.around(source, `{ ${lastValueName} = `, '\n}');
    this.#bind(((await this.evaluate(whole)) as Attributes).entries());
    this.#remember(remembered);
  }

  #bind(entries: Iterable<readonly [string, Slot]>): void {
    const added = [...entries];
    for (const [name] of added) this.#places.delete(name);
    this.#names = new Map([...this.#names, ...added]);
  }

  #remember(each: Remembered): void {
    this.#done = remembering(this.#done, each);
  }

  #newProject(): Project {
    const { workspace, installable, mode, overrides } = this.options;
    return workspace.project(installable, mode, overrides);
  }
}

function sourceOf({ number, text }: { readonly number: number; readonly text: string }): Source {
  return { name: `<repl:${number}>`, text };
}

function endsEarly(source: Source): DiagnosticError {
  const end = source.text.trimEnd().length;
  return new DiagnosticError({
    code: 'CAB6032',
    severity: 'error',
    message: 'the input ends before the binding does',
    primary: { span: { source, start: end, end }, message: 'something has to follow here' },
  });
}

function notAttributes(text: string, value: Value): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB6031',
    severity: 'error',
    message: `'${text}' has no names to load: it is of type ${typeNameOf(value)}`,
    hint:
      typeNameOf(value) === 'lambda'
        ? 'a function is called with arguments, as in :load file.cab name=value'
        : 'an expression shows it, and a name is bound to it, as in x = import ./file.cab',
  });
}
