import path from 'node:path';
import type { Emit, StorePath } from '../foundation/index.ts';
import { DiagnosticError, didYouMean } from '../diagnostics/index.ts';
import { type RemoteRealizer, openRemoteRealizer } from '../realizer/client/index.ts';
import { EmbeddedRealizer, executorLoaders, type Realizer, withWhole } from '../realizer/index.ts';
import { type Salvaged, Store } from '../store/index.ts';
import { type Configuration, readConfiguration } from './configuration.ts';
import type { Installable } from './installable.ts';
import { type Environment, cacheFolderOf, configurationFileOf, storeFolderOf } from './locations.ts';
import { LateRealizer } from './late-realizer.ts';
import type { LockMode } from './lock-session.ts';
import { Project } from './project.ts';
import { SyntaxCache } from './syntax-cache.ts';
import { cabVersion } from './version.ts';

export interface WorkspaceOptions {
  readonly environment: Environment;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Does what takes its time; only during that `signal` is raised. */
  readonly interruptible: <T>(work: () => Promise<T>) => Promise<T>;
  /** The realizer that the user named, or undefined where any may be chosen. */
  readonly realizer?: string | undefined;
}

/** Joins configuration, store and realizers for one run. What a run does not need is not opened. */
export class Workspace {
  readonly emit: Emit;
  readonly interruptible: WorkspaceOptions['interruptible'];
  readonly #options: WorkspaceOptions;
  readonly #environment: Environment;
  readonly #realizerName: string | undefined;
  #store: Store | undefined;
  #configuration: Configuration | undefined;
  #realizers: readonly Realizer[] | undefined;

  constructor(options: WorkspaceOptions) {
    this.#options = options;
    this.emit = options.emit;
    this.interruptible = options.interruptible;
    this.#environment = options.environment;
    this.#realizerName = options.realizer;
  }

  get signal(): AbortSignal {
    return this.#options.signal;
  }

  get store(): Store {
    this.#store ??= Store.open(storeFolderOf(this.#environment), {
      durable: this.configuration.durableStore,
    });
    return this.#store;
  }

  /** The store, where this run has opened it. */
  get openedStore(): Store | undefined {
    return this.#store;
  }

  /** Makes a damaged database of the store a new one, as far as it goes; undefined where there is nothing to do. */
  salvageStore(): Salvaged | undefined {
    return Store.salvage(storeFolderOf(this.#environment));
  }

  get configuration(): Configuration {
    this.#configuration ??= readConfiguration({
      file: configurationFileOf(this.#environment),
      extraAuthorities: this.#environment.CAB_EXTRA_CA_CERTS,
      warn: (diagnostic) => this.emit({ type: 'diagnostic', diagnostic }),
    });
    return this.#configuration;
  }

  /** What was parsed before, by whatever run of this user. */
  get syntax(): SyntaxCache | undefined {
    const folder = cacheFolderOf(this.#environment);
    return folder === undefined ? undefined : new SyntaxCache(path.join(folder, 'syntax'));
  }

  get realizers(): readonly Realizer[] {
    this.#realizers ??= this.#chooseRealizers();
    return this.#realizers;
  }

  /** Puts an output on disk, and says where. One that is damaged is put right first, if that can be done. */
  async materialise(path: StorePath): Promise<string> {
    const { store, emit, signal } = this;
    const means = () => ({ store, realizers: this.realizers, context: { emit, signal } });
    const put = () => store.materialiseChecked(path);
    return await this.interruptible(() => withWhole(() => [path], means, put));
  }

  /** The project that an installable belongs to: its entry file, its lock. */
  project(installable: Installable, mode: LockMode, overrides: ReadonlyMap<string, string>): Project {
    return new Project(this, installable, mode, overrides);
  }

  async close(): Promise<void> {
    await Promise.all((this.#realizers ?? []).map((realizer) => realizer.close()));
    this.#store?.close();
  }

  /** What is not chosen is not made, and those elsewhere are opened when they are first asked: their code is not even loaded before. */
  #chooseRealizers(): readonly Realizer[] {
    const all = this.realizerNames;
    const chosen = this.#realizerName === undefined ? all : [this.#realizerName];
    return chosen.map((name) => {
      const isElsewhere = name !== embeddedName && all.includes(name);
      return isElsewhere ? new LateRealizer(name, () => this.realizer(name)) : this.realizer(name);
    });
  }

  /** The names of all realizers that are known, the one inside of this process first. */
  get realizerNames(): readonly string[] {
    return [embeddedName, ...this.configuration.remoteRealizers.map(({ name }) => name)];
  }

  /** Makes a realizer, which whoever asks closes. @throws DiagnosticError CAB4008 where there is none of that name. */
  realizer(name: string): EmbeddedRealizer | RemoteRealizer {
    const { configuration, store } = this;
    if (name === embeddedName)
      return new EmbeddedRealizer(store, executorLoaders(store, configuration), configuration);
    const remote = configuration.remoteRealizers.find((each) => each.name === name);
    if (remote !== undefined) return openRemoteRealizer(remote, { store, version: cabVersion() });
    throw noSuchRealizer(name, this.realizerNames);
  }
}

/** The name of the realizer inside of this process. */
const embeddedName = 'embedded';

function noSuchRealizer(name: string, known: readonly string[]): DiagnosticError {
  const all = known.map((each) => `'${each}'`).join(', ');
  return new DiagnosticError({
    code: 'CAB4008',
    severity: 'error',
    message: `there is no realizer called '${name}'`,
    hint: didYouMean(name, known) ?? `there is ${all}`,
  });
}
