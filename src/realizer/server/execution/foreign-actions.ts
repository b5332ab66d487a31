import path from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { DiagnosticError } from '../../../diagnostics/index.ts';
import type { ActionKey, Store } from '../../../store/index.ts';
import { CommandSandbox, type NativeLimits, type SandboxedEnd, hostToolsIdentity } from '../../index.ts';
import {
  type ActionResult,
  ActionResultSchema,
  type Command,
  type ContentDigest,
  type Digest,
} from '../../protocol/index.ts';
import type { ContentStore } from '../content/content-store.ts';
import { ActionFault, invalid, lackingFeatures } from './action-fault.ts';
import type { AnsweredResults } from './answered-results.ts';
import { type CollectedOutputs, collectOutputs } from './collect-outputs.ts';
import { ContentFiles } from './content-files.ts';
import { type ExpectedOutputs, expectedOutputsOf } from './expected-outputs.ts';
import type { FairQueue } from './fair-queue.ts';
import { inlineContent } from './inline-content.ts';
import { type InputLimits, readInputTree } from './input-tree.ts';
import type { RunningStreams } from './log-streams.ts';
import { makeFolders, makeInputTree } from './make-input-tree.ts';
import { executedMetadataOf } from './moments.ts';
import { OutputNames } from './output-names.ts';
import { OutputStream } from './output-stream.ts';
import { type AcceptedPlatform, platformOf } from './platform.ts';
import { joined } from './relative-path.ts';
import { completeContent } from './result-completeness.ts';
import type { Performed, Work } from './work.ts';

export interface ForeignActionsOptions {
  readonly store: Store;
  readonly content: ContentStore;
  readonly queue: FairQueue;
  readonly streams: RunningStreams;
  readonly limits: ForeignLimits;
  readonly programLimits: NativeLimits;
  readonly platform: AcceptedPlatform;
  /** Whether the machine's own tools may be used, without which there is nothing that such an action could run. */
  readonly hostTools: boolean;
  readonly worker: string;
  /** Answers that are given again until what they are of changes. */
  readonly answered: AnsweredResults;
}

/** What an action came to, and all the content that is named by it and what it names. */
export interface FoundResult {
  readonly result: ActionResult;
  readonly named: readonly ContentDigest[];
}

export interface ForeignLimits {
  readonly inputs: InputLimits;
  /** Of each of a program's two streams, in bytes. */
  readonly stream: number;
  /** The longest that an action may take, and what one takes at most that says nothing of it, in milliseconds. */
  readonly longestMs: number;
}

export const usualForeignLimits: ForeignLimits = {
  inputs: { entries: 500_000, size: 64 * 2 ** 30, depth: 200, directory: 64 << 20 },
  stream: 16 << 20,
  longestMs: 2 * 3_600_000,
};

/** Executes the actions of other clients of the API: commands that use the machine's tools, in a sandbox. */
export class ForeignActions {
  readonly #options: ForeignActionsOptions;
  readonly #sandbox: CommandSandbox;
  readonly #files: ContentFiles;

  constructor(options: ForeignActionsOptions) {
    this.#options = options;
    this.#sandbox = new CommandSandbox(options.store, options.programLimits);
    this.#files = new ContentFiles(options.store, options.content);
  }

  async perform(work: Work): Promise<Performed> {
    const { asked, read, operation } = work;
    const { content, platform } = this.#options;
    const { hasNetwork } = platformOf(read.action, read.command, platform);
    await this.#refuseLacking();
    const mayBeKnown = !asked.skipCacheLookup && !read.action.doNotCache;
    const known = mayBeKnown ? (await this.lookUp(asked.action))?.result : undefined;
    const result = known ?? (await this.#run(work, hasNetwork));
    await inlineContent(result, operation.inline, asked.action.function, content);
    if (known !== undefined)
      return { result, isCached: true, executor: 'none', outcome: 'known', madeBytes: 0 };
    const outcome = result.exitCode === 0 ? 'built' : 'failed';
    return { result, isCached: false, executor: 'linux-sandbox', outcome, madeBytes: sizeOf(result) };
  }

  /** What an action came to earlier with the tools that are here, or a client has told, if all that the result names is there. */
  async lookUp(action: ContentDigest): Promise<FoundResult | undefined> {
    const { store, content } = this.#options;
    for (const identity of [...(this.#options.hostTools ? [await hostToolsIdentity()] : []), '']) {
      const bytes = store.actionResults.get(keyOf(action, identity));
      if (bytes === undefined) continue;
      const result = fromBinary(ActionResultSchema, bytes);
      const named = await completeContent(result, action.function, content);
      if (named !== undefined) return { result, named };
    }
    return undefined;
  }

  /** Takes a client's word for what an action comes to. All that the result names is there; what stands in it becomes content. */
  async record(action: ContentDigest, result: ActionResult): Promise<void> {
    const { store, content } = this.#options;
    const names = new OutputNames(store, content, action.function);
    const kept = fromBinary(ActionResultSchema, toBinary(ActionResultSchema, result));
    const [stdoutDigest, stderrDigest] = [
      kept.stdoutDigest ?? (await this.#said(kept.stdoutRaw, names)),
      kept.stderrDigest ?? (await this.#said(kept.stderrRaw, names)),
    ];
    if (stdoutDigest !== undefined) kept.stdoutDigest = stdoutDigest;
    if (stderrDigest !== undefined) kept.stderrDigest = stderrDigest;
    kept.stdoutRaw = kept.stderrRaw = new Uint8Array(0);
    for (const file of kept.outputFiles) file.contents = new Uint8Array(0);
    this.#keep(action, '', kept);
  }

  async close(): Promise<void> {
    await this.#sandbox.close();
  }

  async #refuseLacking(): Promise<void> {
    const what = "this realizer runs no actions but Cab's own derivations";
    if (!this.#options.hostTools) {
      const remedy = "its operator can offer the machine's tools by 'host-tools'";
      throw lackingFeatures(`${what}: ${remedy}`, new Map([['host-tools', remedy]]));
    }
    const lacking = await this.#sandbox.lacking();
    if (lacking === undefined) return;
    throw lackingFeatures(`${what}: ${lacking}`, new Map([['host-tools', lacking]]));
  }

  async #run(work: Work, hasNetwork: boolean): Promise<ActionResult> {
    const { store, content, queue, streams, limits } = this.#options;
    const { read, operation } = work;
    const expected = expectedOutputsOf(read.command);
    const [command, environment] = [commandIn(read.command), environmentIn(read.command)];
    const timeoutMs = read.timeoutMs ?? limits.longestMs;
    if (timeoutMs > limits.longestMs)
      throw invalid(
        `an action may take ${limits.longestMs / 1000} s here, and this one wants ${timeoutMs / 1000} s`,
      );
    const tree = await readInputTree(read.inputRoot, content, limits.inputs);
    using _place = await work.enter(queue, timeoutMs);
    using folder = store.temporaryFolder('action');
    const root = path.join(folder.path, 'root');
    operation.moments.inputsBeganMs = Date.now();
    await withinLimitsOfLinux(() => makeInputTree(tree, root, this.#files, work.signal));
    makeOutputFolders(root, expected);
    operation.moments.inputsEndedMs = Date.now();
    // All that it needs it has a copy of, and it may run for long.
    work.kept?.pause();
    const output = new OutputStream(limits.stream);
    const error = new OutputStream(limits.stream);
    using _output = streams.add(operation.stdoutName, output);
    using _error = streams.add(operation.stderrName, error);
    operation.moments.programBeganMs = Date.now();
    const end = await this.#sandbox.run({
      folder: folder.path,
      root,
      workingFolder: expected.workingFolder,
      command,
      environment,
      hasNetwork,
      streams: { output, error },
      signal: work.signal,
    });
    operation.moments.programEndedMs = Date.now();
    work.kept?.resume();
    const exitCode = exitCodeOf(end);
    return await this.#finish(work, root, expected, { exitCode, output: output.bytes, error: error.bytes });
  }

  async #finish(
    work: Work,
    root: string,
    expected: ExpectedOutputs,
    ended: { readonly exitCode: number; readonly output: Uint8Array; readonly error: Uint8Array },
  ): Promise<ActionResult> {
    const { store, content, worker } = this.#options;
    const { operation, read, asked } = work;
    const names = new OutputNames(store, content, asked.action.function);
    operation.moments.outputsBeganMs = Date.now();
    const outputs = await this.#collect(root, expected, names);
    const stdoutDigest = await this.#said(ended.output, names);
    const stderrDigest = await this.#said(ended.error, names);
    const endedMs = Date.now();
    const moments = { ...operation.moments, outputsEndedMs: endedMs, endedMs };
    const result = create(ActionResultSchema, {
      ...outputs,
      exitCode: ended.exitCode,
      ...(stdoutDigest !== undefined && { stdoutDigest }),
      ...(stderrDigest !== undefined && { stderrDigest }),
      executionMetadata: executedMetadataOf(moments, worker),
    });
    if (ended.exitCode === 0 && !read.action.doNotCache) {
      this.#keep(asked.action, await hostToolsIdentity(), result);
    }
    return result;
  }

  #keep(action: ContentDigest, identity: string, result: ActionResult): void {
    this.#options.store.actionResults.put(keyOf(action, identity), toBinary(ActionResultSchema, result));
    this.#options.answered.forget(action);
  }

  async #said(bytes: Uint8Array, names: OutputNames): Promise<Digest | undefined> {
    return bytes.length === 0 ? undefined : await names.content(bytes);
  }

  async #collect(root: string, expected: ExpectedOutputs, names: OutputNames): Promise<CollectedOutputs> {
    try {
      return await collectOutputs(root, expected, this.#options.store, names);
    } catch (error) {
      const [diagnostic] = error instanceof DiagnosticError ? error.diagnostics : [];
      if (diagnostic?.code !== 'CAB5005') throw error;
      throw new ActionFault(Code.FailedPrecondition, diagnostic.message);
    }
  }
}

/** Of what a result names by itself; what is in folders is theirs who can look into them. */
function sizeOf({ outputFiles, stdoutDigest, stderrDigest }: ActionResult): number {
  const digests = [stdoutDigest, stderrDigest, ...outputFiles.map(({ digest }) => digest)];
  return digests.reduce((sum, digest) => sum + Number(digest?.sizeBytes ?? 0), 0);
}

function keyOf({ function: name, hash }: ContentDigest, identity: string): ActionKey {
  return { function: name, action: hash, identity };
}

/** The folders that outputs are in, and those themselves that clients before 2.1 say to be folders. */
function makeOutputFolders(root: string, { paths, kinds, workingFolder }: ExpectedOutputs): void {
  makeFolders(root, workingFolder);
  for (const output of paths) {
    const parent = path.posix.dirname(joined(workingFolder, output));
    makeFolders(
      root,
      kinds.get(output) === 'directory' ? joined(workingFolder, output) : parent === '.' ? '' : parent,
    );
  }
}

function commandIn(command: Command): readonly string[] {
  if (command.arguments.length === 0)
    throw invalid('the command has no arguments, the first of which is its program');
  if (command.arguments.some((text) => text.includes('\0')))
    throw invalid('an argument of the command holds a NUL character');
  return command.arguments;
}

function environmentIn(command: Command): Readonly<Record<string, string>> {
  for (const { name, value } of command.environmentVariables) {
    if (name === '' || /[=\0]/.test(name) || value.includes('\0'))
      throw invalid(
        `'${name}' cannot be the name of an environment variable, or its value holds a NUL character`,
      );
  }
  return Object.fromEntries(command.environmentVariables.map(({ name, value }) => [name, value]));
}

/** As shells tell of a program that a signal has ended. */
const killedExitCode = 137;

function exitCodeOf(end: SandboxedEnd): number {
  if (end.kind === 'refused') throw invalid(`the command cannot be started: ${end.fault}`);
  return end.code ?? killedExitCode;
}

async function withinLimitsOfLinux(make: () => Promise<void>): Promise<void> {
  try {
    await make();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENAMETOOLONG')
      throw invalid('a path of the input root is longer than Linux takes');
    throw error;
  }
}
