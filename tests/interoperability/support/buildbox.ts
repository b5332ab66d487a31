import type { TestContext } from 'node:test';
import { type CommandResult, makeTemporaryFolder, removeFolder, startCommand } from '../../support/index.ts';
import type { Installation } from './installations.ts';

/** The tools of buildbox, in a folder that goes with the test. */
export class Buildbox {
  readonly folder: string;
  readonly #installation: Installation;

  constructor(folder: string, installation: Installation) {
    this.folder = folder;
    this.#installation = installation;
  }

  /** Runs a tool in the folder. */
  run(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
    const [program = '', ...rest] = this.#installation.command(this.folder, words);
    return startCommand(program, rest, {
      folder: this.folder,
      environment: { PATH: '/usr/bin:/bin', HOME: this.folder, ...environment },
    }).ended;
  }

  /** Runs a tool, and throws with what it said unless it ends with 0. */
  async succeed(
    words: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ): Promise<CommandResult> {
    const result = await this.run(words, environment);
    if (result.code === 0) return result;
    throw new Error(`${words.join(' ')} ended with ${result.code}:\n${result.stdout}${result.stderr}`);
  }
}

export async function makeBuildbox(test: TestContext, installation: Installation): Promise<Buildbox> {
  const folder = await makeTemporaryFolder();
  test.after(() => removeFolder(folder));
  return new Buildbox(folder, installation);
}
