import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { cabCommand, makeTemporaryFolder, removeFolder } from '../../tests/support/index.ts';
import type { Contender } from '../measure.ts';
import { generateSource } from './generated-source.ts';

/** A folder with the programs in both languages, and the commands that evaluate them. */
export class EvaluateBench {
  readonly folder: string;
  readonly #environment: Readonly<Record<string, string>>;

  constructor(folder: string) {
    this.folder = folder;
    this.#environment = { PATH: process.env['PATH'] ?? '', HOME: path.join(folder, 'home') };
  }

  /** `cab eval` with such words. */
  cab(name: string, ...words: readonly string[]): Contender {
    const environment = {
      ...this.#environment,
      CAB_STORE: path.join(this.folder, 'cab-store'),
      CAB_CONFIG: path.join(this.folder, 'none'),
    };
    return { name, program: cabCommand, args: ['eval', ...words], folder: this.folder, environment };
  }

  /** `nix-instantiate --eval` with such words, in a store of its own. */
  nix(name: string, ...words: readonly string[]): Contender {
    const nix = path.join(this.folder, 'nix');
    const environment = {
      ...this.#environment,
      NIX_STORE_DIR: path.join(nix, 'store'),
      NIX_STATE_DIR: path.join(nix, 'var'),
      NIX_LOCALSTATE_DIR: path.join(nix, 'var'),
      NIX_LOG_DIR: path.join(nix, 'log'),
      NIX_CONFIG: 'sandbox = false\nbuild-users-group =\nsubstitute = false',
    };
    const args = ['--eval', '--strict', ...words];
    return { name, program: 'nix-instantiate', args, folder: this.folder, environment };
  }

  /** A program of the folder in both languages, and in both the expression `1`, which is all start-up. */
  contenders(program: string): readonly [Contender, Contender, Contender, Contender] {
    return [
      this.cab('cab eval', '--json', `${program}.cab`),
      this.nix('nix-instantiate --eval', '--json', `${program}.nix`),
      this.cab('cab eval of 1', '--json', '--expression', '1'),
      this.nix('nix-instantiate --eval of 1', '--json', '-E', '1'),
    ];
  }
}

/** The command with all the stack that it may have. */
export function withDeepStack(contender: Contender): Contender {
  const { program, args } = contender;
  const deep = 'ulimit -Ss unlimited; exec "$@"';
  return { ...contender, program: 'sh', args: ['-c', deep, 'sh', program, ...args] };
}

/** The values that commands print as JSON are the same, be their attributes in whatever order. */
export function assertSameValue(ours: Contender, peer: Contender): void {
  const [a, b] = [valueOf(ours), valueOf(peer)];
  if (isDeepStrictEqual(a, b)) return;
  throw new Error(`${[...ours.args, ...peer.args].join(' ')}: the values differ\n${brief(a)}\n${brief(b)}`);
}

function valueOf({ program, args, folder, environment }: Contender): unknown {
  const printed = execFileSync(program, [...args], {
    cwd: folder,
    env: { ...environment },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(printed);
}

const brief = (value: unknown): string => JSON.stringify(value).slice(0, 500);

/** The folder that the programs are kept in. */
const programsFolder = fileURLToPath(new URL('programs', import.meta.url));

/** The seed of the generated text: always the same one, so that figures of different days are of the same text. */
const seed = 20_260_801;

export async function withEvaluateBench(measure: (bench: EvaluateBench) => Promise<void>): Promise<void> {
  // Whatever authority the caller trusts besides, reading it would be half of each start.
  delete process.env['NODE_EXTRA_CA_CERTS'];
  const folder = await makeTemporaryFolder();
  try {
    cpSync(programsFolder, folder, { recursive: true });
    const source = generateSource(seed, 1_900_000);
    for (const [dialect, text] of Object.entries(source)) {
      writeFileSync(path.join(folder, `source.${dialect}`), text);
    }
    await measure(new EvaluateBench(folder));
  } finally {
    await removeFolder(folder);
  }
}

/** What the command line of a bar asks for: `node benchmarks/evaluate/programs.ts --rounds=3 fib sort`. */
export function wanted(defaultRounds: number): {
  readonly rounds: number;
  readonly names: readonly string[];
} {
  const { values, positionals } = parseArgs({
    options: { rounds: { type: 'string', default: String(defaultRounds) } },
    allowPositionals: true,
  });
  return { rounds: Number(values.rounds), names: positionals };
}
