import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeRepository, type Repository, type RepositoryOptions } from './repository/index.ts';
import { killGroup, startCommand, type CommandResult, type RunningCommand } from './run-command.ts';
import { Terminal } from './terminal.ts';
import { startGitServer, type GitServer } from './server/index.ts';
import { makeTemporaryFolder, removeFolder } from '../../scripts/temporary-folder.ts';

/** The command of this checkout. */
export const cabCommand = fileURLToPath(new URL('../../bin/cab', import.meta.url));

/** What the lock file holds, as far as tests look into it. */
export interface LockFile {
  readonly version: number;
  readonly islands: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** One person with a home, a store, a project and a forge on this machine that answers for github.com. */
export class CabRig {
  readonly folder: string;
  readonly server: GitServer;
  readonly home: string;
  readonly store: string;
  readonly project: string;
  readonly configurationFile: string;
  /** What commands see besides PATH, HOME, CAB_STORE and CAB_CONFIG. */
  readonly environment: Record<string, string> = {};
  readonly #running = new Set<RunningCommand>();
  readonly #terminals: Terminal[] = [];
  readonly #duties: (() => unknown)[] = [];

  constructor(folder: string, server: GitServer) {
    this.folder = folder;
    this.server = server;
    this.home = path.join(folder, 'home');
    this.store = path.join(folder, 'store');
    this.project = path.join(folder, 'project');
    this.configurationFile = path.join(folder, 'cab.toml');
  }

  /** Makes a repository that the forge serves; `name` is `owner/name`. */
  repository(name: string, options: RepositoryOptions = {}): Promise<Repository> {
    return makeRepository(this.repositoryFolder(name), options);
  }

  /** Where the forge looks for a repository. */
  repositoryFolder(name: string): string {
    return path.join(this.folder, 'forge', `${name}.git`);
  }

  /** Puts files under the forge's `/files/`. */
  async serveFiles(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    await writeFiles(path.join(this.folder, 'forge', 'files'), files);
  }

  /** Puts files into the project. */
  async write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    await writeFiles(this.project, files);
  }

  /** Replaces the configuration: the mirrors by default, and what is appended. */
  async configure(toml = ''): Promise<void> {
    const mirrors = `[mirrors]\n"https://github.com/" = "${this.server.url}/"\n`;
    await writeFile(this.configurationFile, `${mirrors}\n${toml}`);
  }

  /** Runs the command in the project. */
  cab(...args: string[]): Promise<CommandResult> {
    return this.spawnCab(...args).ended;
  }

  /** Runs the command with a text in its standard input. */
  cabWith(input: string, ...args: string[]): Promise<CommandResult> {
    return this.#start(args, { input }).ended;
  }

  /** Opens a terminal in the project in which the command is started. */
  terminal(...args: string[]): Terminal {
    const command = [cabCommand, ...args].map((word) => `'${word}'`).join(' ');
    const terminal = new Terminal(command, { folder: this.project, environment: this.#environment() });
    this.#terminals.push(terminal);
    return terminal;
  }

  /** Runs the command and throws with its words unless it ends with 0. */
  async succeed(...args: string[]): Promise<CommandResult> {
    const result = await this.cab(...args);
    if (result.code !== 0) {
      const end = result.code ?? result.signal;
      throw new Error(`cab ${args.join(' ')} ended with ${end}:\n${result.stdout}\n${result.stderr}`);
    }
    return result;
  }

  /** Starts the command and leaves it running; `kill` ends it. */
  spawnCab(...args: string[]): RunningCommand {
    return this.#start(args, {});
  }

  #start(args: readonly string[], options: { readonly input?: string }): RunningCommand {
    const running = startCommand(cabCommand, args, {
      folder: this.project,
      environment: this.#environment(),
      ...options,
    });
    this.#running.add(running);
    const forget = (): boolean => this.#running.delete(running);
    running.ended.then(forget, forget);
    return running;
  }

  /** Ends a command that was started, and all that it has started, with SIGKILL. */
  async kill(running: RunningCommand): Promise<CommandResult> {
    killGroup(running.process);
    return running.ended;
  }

  /** The lock file, or undefined if there is none. */
  async lock(): Promise<LockFile | undefined> {
    const text = await readFile(path.join(this.project, 'cab.lock'), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : (JSON.parse(text) as LockFile);
  }

  async deleteLock(): Promise<void> {
    await rm(path.join(this.project, 'cab.lock'));
  }

  async deleteStore(): Promise<void> {
    await removeFolder(this.store);
  }

  /** Has something done when all commands have ended and before the folder is removed. */
  beforeDispose(duty: () => unknown): void {
    this.#duties.push(duty);
  }

  async dispose(): Promise<void> {
    for (const running of this.#running) await this.kill(running);
    for (const terminal of this.#terminals) await terminal.kill();
    for (const duty of this.#duties) await duty();
    await this.server.close();
    await removeFolder(this.folder);
  }

  #environment(): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: this.home,
      CAB_STORE: this.store,
      CAB_CONFIG: this.configurationFile,
      ...this.environment,
    };
  }
}

/** Makes a rig that nothing tidies up; whoever makes it calls `dispose`. */
export async function makeCabRig(): Promise<CabRig> {
  const folder = await makeTemporaryFolder();
  const server = await startGitServer({ repositories: path.join(folder, 'forge') });
  const rig = new CabRig(folder, server);
  await mkdir(rig.home);
  await mkdir(rig.project);
  await rig.configure();
  return rig;
}

/** Makes a rig for one test, and clears it away after it. */
export async function withCab(test: TestContext): Promise<CabRig> {
  const rig = await makeCabRig();
  test.after(() => rig.dispose());
  return rig;
}

async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const place = path.join(folder, name);
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, content);
  }
}
