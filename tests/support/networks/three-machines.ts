import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cabCommand } from '../cab-rig.ts';
import { makeRepository, type Repository, type RepositoryOptions } from '../repository/index.ts';
import { openToAll, type RealizerServer, startRealizerServer } from '../realizer-server.ts';
import { type CommandResult, startCommand } from '../run-command.ts';
import { makeTemporaryFolder, removeFolder } from '../../../scripts/temporary-folder.ts';
import { type Machine, Networks } from './networks.ts';

/** A person with a project, a realizer and a forge that answers for github.com, each on a machine of its own. */
export class ThreeMachines implements AsyncDisposable {
  readonly folder: string;
  readonly client: Machine;
  readonly realizer: Machine;
  readonly forge: Machine;
  readonly #networks: Networks;
  #server: RealizerServer | undefined;
  #closeForge: (() => Promise<unknown>) | undefined;
  #forgeUrl = '';

  constructor(folder: string) {
    this.folder = folder;
    this.#networks = new Networks();
    this.client = this.#networks.add('client');
    this.realizer = this.#networks.add('realizer');
    this.forge = this.#networks.add('forge');
  }

  get project(): string {
    return path.join(this.folder, 'project');
  }

  /** What the client's commands see of the machine. */
  get environment(): Readonly<Record<string, string>> {
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: path.join(this.folder, 'home'),
      CAB_STORE: path.join(this.folder, 'store'),
      CAB_CONFIG: path.join(this.folder, 'cab.toml'),
    };
  }

  /** Makes a repository that the forge serves; `name` is `owner/name`. */
  repository(name: string, options: RepositoryOptions = {}): Promise<Repository> {
    return makeRepository(this.repositoryFolder(name), options);
  }

  repositoryFolder(name: string): string {
    return path.join(this.folder, 'forge', `${name}.git`);
  }

  /** Starts the forge and the realizer, and tells the client of the latter by the name `far`. Answers where the forge is. */
  async start(): Promise<string> {
    for (const name of ['home', 'project']) await mkdir(path.join(this.folder, name));
    this.#forgeUrl = await this.#startForge();
    await this.#startRealizer();
    return this.#forgeUrl;
  }

  /** Puts a realizer that knows nothing in place of the one there. */
  async renewRealizer(): Promise<void> {
    await this.#server?.stop();
    await removeFolder(path.join(this.folder, 'realizer'));
    await this.#startRealizer();
  }

  /** The words that start the command on the client's machine. */
  command(...words: string[]): readonly [string, ...string[]] {
    return this.client.command([cabCommand, ...words]);
  }

  /** Runs the command in the project, and throws with its words unless it ends with 0. */
  async succeed(...words: string[]): Promise<CommandResult> {
    const [program, ...rest] = this.command(...words);
    const { environment, project: folder } = this;
    const result = await startCommand(program, rest, { folder, environment }).ended;
    if (result.code === 0) return result;
    const said = `${result.stdout}\n${result.stderr}\nThe realizer said:\n${this.#server?.log()}`;
    throw new Error(`cab ${words.join(' ')} ended with ${result.code}:\n${said}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.stop();
    await this.#closeForge?.();
    this.#networks[Symbol.dispose]();
    await removeFolder(this.folder);
  }

  async #startRealizer(): Promise<void> {
    const server = await startRealizerServer({
      folder: path.join(this.folder, 'realizer'),
      host: this.realizer.address,
      command: this.realizer.command,
      configuration: `${openToAll}
[realizer]
host-tools = true
[network]
allow = ["${this.forge.address}"]
[mirrors]
"https://github.com/" = "${this.#forgeUrl}/"`,
    });
    this.#server = server;
    const client = `[realizers.far]\naddress = "http://${server.address}"\n`;
    await writeFile(this.environment['CAB_CONFIG'] ?? '', client);
  }

  async #startForge(): Promise<string> {
    const script = fileURLToPath(new URL('forge.ts', import.meta.url));
    const words = [process.execPath, script, path.join(this.folder, 'forge'), this.forge.address];
    const [program, ...rest] = this.forge.command(words);
    const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = once(child, 'close');
    this.#closeForge = () => {
      child.stdin.end();
      return ended;
    };
    const [url] = (await once(child.stdout, 'data')) as [Buffer];
    return url.toString().trim();
  }
}

/** Makes the machines; whoever makes them disposes of them. */
export async function makeThreeMachines(): Promise<ThreeMachines> {
  return new ThreeMachines(await makeTemporaryFolder());
}
