import assert from 'node:assert/strict';
import type { Fix, Pins } from '../../../src/derivations/index.ts';
import type { StorePath } from '../../../src/foundation/index.ts';
import {
  type Executor,
  type RequestFailure,
  createWasmExecutor,
} from '../../../src/realizer/executors/index.ts';
import type { RealizerConfiguration } from '../../../src/realizer/configuration.ts';
import { Rig, type Run, type RunOptions } from './rig.ts';
import { compileShell } from './shell.ts';

const shell = compileShell();

export interface ShellOptions extends RunOptions {
  readonly fix?: Fix;
  readonly inputs?: readonly StorePath[];
  readonly outputs?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly pins?: Pins;
  readonly executor?: Executor;
}

/** A rig whose builds carry out commands in the WebAssembly executor. */
export class ShellRig implements AsyncDisposable {
  readonly rig: Rig;
  readonly executor: Executor;
  readonly builder: StorePath;

  private constructor(rig: Rig, builder: StorePath, configuration: Partial<RealizerConfiguration>) {
    this.rig = rig;
    this.builder = builder;
    this.executor = rig.open(createWasmExecutor, configuration);
  }

  static async create(configuration: Partial<RealizerConfiguration> = {}): Promise<ShellRig> {
    const rig = await Rig.create();
    return new ShellRig(rig, rig.add('shell.wasm', await shell), configuration);
  }

  run(commands: readonly string[], options: ShellOptions = {}): Promise<Run> {
    const derivation = this.rig.derivation({
      builder: this.builder,
      arguments: commands,
      environment: options.environment ?? {},
      inputs: { derivations: [], trees: [this.builder, ...(options.inputs ?? [])] },
      outputs: options.outputs ?? ['out'],
      fix: options.fix ?? { kind: 'none' },
    });
    return this.rig.run(options.executor ?? this.executor, derivation, options);
  }

  /** Runs commands that write no output but a line, and answers their log. */
  async logOf(commands: readonly string[], options: ShellOptions = {}): Promise<readonly string[]> {
    const { log } = await this.run([...commands, 'write $out done'], options);
    return log;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rig[Symbol.asyncDispose]();
  }
}

/** How the last request of a program that failed came to nothing. */
export function failureOf(result: Run['result']): RequestFailure {
  assert.ok(result.outcome === 'failed' && result.requestFailure !== undefined, JSON.stringify(result));
  return result.requestFailure;
}
