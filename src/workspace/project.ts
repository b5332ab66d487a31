import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Derivation, Pins, ResolvedDerivation } from '../derivations/index.ts';
import { type Diagnostic, DiagnosticError, type Source } from '../diagnostics/index.ts';
import type { StorePath } from '../foundation/index.ts';
import {
  EffectNeeded,
  Evaluator,
  type IslandValue,
  type Slot,
  type TreePath,
  type Value,
} from '../language/evaluation/index.ts';
import {
  type Outputs,
  type RepetitionResult,
  type ScheduleResult,
  Scheduler,
  type Wanted,
  pinnedPath,
} from '../realizer/index.ts';
import { type Island, lockFileName, splitIslandKey } from '../islands/index.ts';
import { type IslandReport, reportOnIsland } from './browsing/island-report.ts';
import { TreeOpener } from './browsing/opener.ts';
import { type Installable, entryFileName } from './installable.ts';
import { type LockMode, LockSession } from './lock-session.ts';
import { type Needed, givesNoParts } from './reading/needs.ts';
import { type WorkspaceRoot, localRoot } from './roots.ts';
import { WorkspaceWorld } from './world.ts';
import type { Workspace } from './workspace.ts';

/** One entry file with its lock: evaluates it, and realizes what it describes. */
export class Project {
  readonly lock: LockSession;
  readonly #workspace: Workspace;
  readonly #installable: Installable;
  readonly #evaluator: Evaluator;
  readonly #world: WorkspaceWorld;
  #knownScheduler: Scheduler | undefined;
  readonly #realized = new Map<string, Outputs>();
  #opener: TreeOpener | undefined;

  constructor(
    workspace: Workspace,
    installable: Installable,
    mode: LockMode,
    overrides: ReadonlyMap<string, string>,
  ) {
    this.#workspace = workspace;
    this.#installable = installable;
    const { emit } = workspace;
    this.lock = new LockSession({
      get file() {
        return lockFileOf(installable);
      },
      mode,
      emit,
    });
    this.#world = new WorkspaceWorld({
      // Opened when evaluation first needs it.
      get store() {
        return workspace.store;
      },
      lock: this.lock,
      overrides,
      presentPath: (derivation, output) => this.#presentPath(derivation, output),
      emit,
      syntax: workspace.syntax,
    });
    this.#evaluator = new Evaluator(this.#world);
  }

  /** The value of the entry, called with the arguments that it names, and of the attributes below it. */
  async value(given: ReadonlyMap<string, string>, attributes: readonly string[]): Promise<Value> {
    return await this.valueOf({ ...this.#installable, attributes }, given);
  }

  /** The same of any installable. What it names is read with the lock of this project. */
  async valueOf(installable: Installable, given: ReadonlyMap<string, string>): Promise<Value> {
    return await this.evaluate((evaluator) => {
      const entry = evaluator.evaluateFile(this.#entryPath(installable));
      const called = evaluator.callEntry(entry, Object.fromEntries(given));
      return evaluator.select(called, installable.attributes);
    });
  }

  /** The value of a text, with paths relative to the project's entry file. It sees `names` besides the builtins. */
  async textValue(source: Source, names?: ReadonlyMap<string, Slot>): Promise<Value> {
    const base = this.base();
    return await this.evaluate((evaluator) => evaluator.evaluateText(source, base, names));
  }

  /** The folder that the project's entry file lies in. */
  base(): TreePath {
    const { root, path: inner } = this.#entryPath(this.#installable);
    return { root, path: path.posix.dirname(inner) };
  }

  /** What can be computed without anything that has to be made to exist first, or undefined. */
  glance<T>(compute: (evaluator: Evaluator) => T): T | undefined {
    try {
      return compute(this.#evaluator);
    } catch (error) {
      if (!(error instanceof EffectNeeded)) throw error;
      this.#world.stored.takeNeeded();
      return undefined;
    }
  }

  /** Evaluates, and as often as something has to exist first, makes it exist and goes on. */
  async evaluate<T>(compute: (evaluator: Evaluator) => T): Promise<T> {
    for (;;) {
      try {
        return compute(this.#evaluator);
      } catch (error) {
        if (!(error instanceof EffectNeeded)) throw error;
        await this.#provide(this.#world.stored.takeNeeded());
      }
    }
  }

  /** Computes with trees that are looked through; as often as a part has to come first, it is fetched, and the computation goes on. */
  async browse<T>(compute: (opener: TreeOpener) => T): Promise<T> {
    this.#opener ??= new TreeOpener(this.#workspace.store, this.#world.stored);
    const opener = this.#opener;
    return await this.evaluate(() => compute(opener));
  }

  /** What is known of an island; its origin is asked for no more than what a ref stands for. */
  async describe(island: Island): Promise<IslandReport> {
    const { stored } = this.#world;
    const { store } = this.#workspace;
    const options = { store, stored, lock: this.lock };
    return await this.evaluate(() => reportOnIsland(island, this.rootOf(island), options));
  }

  /** What stands behind an island that the command line names. */
  rootOf(island: Island): WorkspaceRoot {
    return this.#islandOf(island).root as WorkspaceRoot;
  }

  /** Makes what evaluation needs exist, all at once: outputs, and parts of islands. */
  async #provide({ outputs, readings }: Needed): Promise<void> {
    const results = await this.tryToRealize([...outputs, ...readings.map(({ derivation }) => derivation)]);
    const failures = new Set<Diagnostic>();
    for (const [index, result] of results.entries()) {
      const reading = readings[index - outputs.length];
      if (reading !== undefined) this.#world.stored.settle(reading, result);
      if (result.ok || (reading !== undefined && givesNoParts(result))) continue;
      for (const diagnostic of result.diagnostics) failures.add(diagnostic);
    }
    if (failures.size > 0) throw new DiagnosticError([...failures]);
  }

  /** Makes the outputs exist, and throws all diagnostics where some cannot be made. */
  async realize(derivations: readonly Derivation[], wanted: Wanted = 'here'): Promise<readonly Outputs[]> {
    const results = await this.tryToRealize(derivations, wanted);
    const failures = results.flatMap((result) => (result.ok ? [] : result.diagnostics));
    if (failures.length > 0) throw new DiagnosticError([...new Set(failures)]);
    return results.flatMap((result) => (result.ok ? [result.outputs] : []));
  }

  /** Makes the outputs exist, as far as that can be done. */
  async tryToRealize(
    derivations: readonly Derivation[],
    wanted: Wanted = 'here',
  ): Promise<readonly ScheduleResult[]> {
    const results = await this.#workspace.interruptible(() => this.#scheduler.realize(derivations, wanted));
    // What evaluation reads has to be here.
    if (wanted === 'anywhere') return results;
    for (const [index, result] of results.entries()) {
      if (result.ok) this.#realized.set((derivations[index] as Derivation).id, result.outputs);
    }
    return results;
  }

  /** Makes the outputs of a derivation that was realized once more, and records nothing. */
  async repeat(derivation: Derivation): Promise<RepetitionResult> {
    return await this.#workspace.interruptible(() => this.#scheduler.repeat(derivation));
  }

  /** The derivation with its inputs' paths, as far as they are known; nothing is built. */
  async resolve(derivation: Derivation): Promise<ResolvedDerivation | undefined> {
    return await this.#scheduler.resolve(derivation);
  }

  /** Writes what was learned into the lock, and has the store keep what that pins. */
  async save(options: { dropUnused: boolean }): Promise<void> {
    const workspace = this.#workspace;
    const isNamed = (key: string): boolean => this.#world.namesInFiles(key);
    await this.lock.save({
      ...options,
      isNamed,
      store: () => workspace.store,
      get signal() {
        return workspace.signal;
      },
    });
    const { openedStore } = this.#workspace;
    if (openedStore === undefined) return;
    const { usedFile } = this.lock;
    if (usedFile !== undefined) openedStore.addRoots([{ kind: 'lock', path: usedFile }]);
  }

  /** The keys of all islands that evaluation has met. */
  get islandKeys(): ReadonlySet<string> {
    return this.#world.islandKeys;
  }

  /** What each island that evaluation has met is pinned to, by its key. */
  get islandPins(): ReadonlyMap<string, Pins> {
    return new Map([...this.islandKeys].map((key) => [key, this.lock.islandPins(key)]));
  }

  /** The islands in whose place something is to be put, and which evaluation has not met. */
  get unusedOverrides(): readonly string[] {
    return this.#world.unusedOverrides;
  }

  /** Made when something is to be realized: it takes the configuration, and the realizers' code. */
  get #scheduler(): Scheduler {
    if (this.#knownScheduler !== undefined) return this.#knownScheduler;
    const workspace = this.#workspace;
    // A lock that cannot be read is told before there is any work.
    this.lock.read();
    this.#knownScheduler = new Scheduler({
      realizers: workspace.realizers,
      store: workspace.store,
      policy: this.lock,
      emit: workspace.emit,
      signal: workspace.signal,
      cores: workspace.configuration.cores,
    });
    return this.#knownScheduler;
  }

  #entryPath(installable: Installable): TreePath {
    if (installable.kind === 'file') return localEntry(installable.file);
    return { root: this.#islandOf(installable.island).root, path: `/${entryFileName}` };
  }

  /** An island of the command line, which is relative to the folder that one is in. */
  #islandOf({ key, type }: Island): IslandValue {
    const { whole, subtree } = splitIslandKey(key);
    return this.#world.island(type, whole.slice(type.length + 1), subtree, localRoot(process.cwd()));
  }

  #presentPath(derivation: Derivation, output: string): StorePath | undefined {
    const realized = this.#realized.get(derivation.id)?.[output];
    if (realized !== undefined) return realized;
    if (derivation.fix.kind === 'none') return undefined;
    const { pins, ask } = this.lock.pinsOf(derivation);
    const { store } = this.#workspace;
    const present = ask ? undefined : pinnedPath(store, derivation, pins);
    return present !== undefined && store.use([present]).has(present) ? present : undefined;
  }
}

/** Paths may reach up to the work tree that the entry lies in; without one, its folder is the whole tree. */
function localEntry(file: string): TreePath {
  const folder = path.dirname(file);
  const top = workTreeOf(folder) ?? folder;
  return { root: localRoot(top), path: `/${path.relative(top, file).split(path.sep).join('/')}` };
}

function workTreeOf(folder: string): string | undefined {
  for (let current = folder; ; current = path.dirname(current)) {
    if (existsSync(path.join(current, '.git'))) return current;
    if (path.dirname(current) === current) return undefined;
  }
}

function lockFileOf(installable: Installable): string | undefined {
  return installable.kind === 'file' ? path.join(path.dirname(installable.file), lockFileName) : undefined;
}
