import type { Store } from '../../../store/index.ts';
import type { NativeLimits } from '../../program-limits.ts';
import { findSandboxing } from './bubblewrap.ts';
import type { ProcessEnd, ProgramStreams } from './builder-process.ts';
import { Builders } from './builders.ts';
import { faultOfCommand } from './command-limits.ts';
import { findHostTools } from './host-tools.ts';
import { describeMachine, enteringAt } from './sandbox.ts';

/** A command that is no derivation's: what it needs besides the machine's tools lies in one folder, in which it may do what it likes. */
interface SandboxedRun {
  /** A folder of this run's own, where what starts it is put. */
  readonly folder: string;
  /** The folder that the command sees as `/build`. */
  readonly root: string;
  /** Where it begins, below that: empty, or such as `a/b`. */
  readonly workingFolder: string;
  readonly command: readonly string[];
  /** All of it: nothing is added. */
  readonly environment: Readonly<Record<string, string>>;
  readonly hasNetwork: boolean;
  readonly streams: ProgramStreams;
  readonly signal: AbortSignal;
}

export type SandboxedEnd = ProcessEnd | { readonly kind: 'refused'; readonly fault: string };

/** Runs commands with the machine's tools, apart from all else that the machine has. */
export class CommandSandbox {
  readonly #builders: Builders;
  readonly #limits: NativeLimits;

  constructor(store: Store, limits: NativeLimits) {
    this.#builders = new Builders(store);
    this.#limits = limits;
  }

  /** What has to be done before there can be a sandbox here; undefined where nothing has. */
  async lacking(): Promise<string | undefined> {
    if (process.platform !== 'linux') return 'run the realizer on Linux';
    const sandboxing = await findSandboxing();
    return sandboxing.kind === 'works' ? undefined : sandboxing.whatToDo;
  }

  /** @throws the signal's reason where it is aborted; then nothing of the command runs any more. */
  async run(run: SandboxedRun): Promise<SandboxedEnd> {
    const { folder, root, workingFolder, command, environment, signal } = run;
    const sandboxing = await findSandboxing();
    if (sandboxing.kind === 'missing')
      return { kind: 'refused', fault: `no sandbox: ${sandboxing.whatToDo}` };
    const { bubblewrap } = sandboxing;
    const parts = { bubblewrap, limits: this.#limits };
    const machine = await describeMachine(await findHostTools(), run.hasNetwork, parts);
    const place = workingFolder === '' ? '/build' : `/build/${workingFolder}`;
    const options = [...machine.options, '--bind', root, '/build', ...enteringAt(place, environment)];
    const fault = faultOfCommand(command, environment, options);
    if (fault !== undefined) return { kind: 'refused', fault };
    signal.throwIfAborted();
    const sandboxed = {
      bubblewrap,
      options,
      copies: machine.copies,
      command: withoutOwnVariable(command, environment),
      limits: this.#limits,
    };
    const builder = await this.#builders.start(folder, sandboxed, run.streams);
    const kill = (): void => builder.kill();
    signal.addEventListener('abort', kill, { once: true });
    if (signal.aborted) kill();
    try {
      const end = await builder.end;
      signal.throwIfAborted();
      if (builder.excess !== undefined)
        run.streams.error.write(Buffer.from(`\n(ended here: ${builder.excess})\n`));
      return end;
    } finally {
      signal.removeEventListener('abort', kill);
    }
  }

  async close(): Promise<void> {
    await this.#builders.close();
  }
}

/** Bubblewrap tells each program where it begins, by a variable that nobody asked for. */
function withoutOwnVariable(
  command: readonly string[],
  { PWD: wanted }: Readonly<Record<string, string>>,
): readonly string[] {
  // What looks like a variable would be taken for one.
  if (command[0]?.includes('=') === true) return command;
  return ['/usr/bin/env', ...(wanted === undefined ? ['-u', 'PWD'] : [`PWD=${wanted}`]), ...command];
}
