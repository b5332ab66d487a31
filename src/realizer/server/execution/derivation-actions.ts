import { create } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { type DerivationId, type ResolvedDerivation, scratchPathOf } from '../../../derivations/index.ts';
import { DiagnosticError } from '../../../diagnostics/index.ts';
import { type CabEvent, compareCodePoints, parseHashPart } from '../../../foundation/index.ts';
import type { Store } from '../../../store/index.ts';
import type { EmbeddedRealizer, RealizeContext, RealizeRequest } from '../../index.ts';
import {
  type ActionResult,
  ActionResultSchema,
  type DerivationResult,
  type OutputLook,
  type PinnedDerivation,
  type Realised,
  RealisedSchema,
  Realised_How,
  derivationOf,
  realisedMessageOf,
} from '../../protocol/index.ts';
import type { ContentStore } from '../content/content-store.ts';
import { ActionFault, invalid, lackingFeatures } from './action-fault.ts';
import type { ReadAction } from './action-reader.ts';
import { DerivationInputs } from './derivation-inputs.ts';
import type { ExecutionEvent } from './event.ts';
import type { FairQueue } from './fair-queue.ts';
import type { RunningStreams } from './log-streams.ts';
import { executedMetadataOf } from './moments.ts';
import { OutputStream } from './output-stream.ts';
import type { Performed, Work } from './work.ts';

export interface DerivationActionsOptions {
  readonly store: Store;
  readonly content: ContentStore;
  readonly realizer: EmbeddedRealizer;
  /** For programs that compute, and for those that mostly wait for an origin. */
  readonly queues: { readonly computing: FairQueue; readonly fetching: FairQueue };
  readonly streams: RunningStreams;
  /** What this realizer is called in what it tells of an execution. */
  readonly worker: string;
  readonly observe: (event: ExecutionEvent) => void;
}

/** How much of a log can be followed by the name of its stream, in bytes; all of it goes along with the operation. */
const streamLimit = 4 << 20;

/** Executes the actions that are derivations. */
export class DerivationActions {
  readonly #options: DerivationActionsOptions;
  readonly #inputs: DerivationInputs;
  readonly #look: OutputLook;

  constructor(options: DerivationActionsOptions) {
    this.#options = options;
    const { store } = options;
    this.#inputs = new DerivationInputs(options.content, store);
    this.#look = {
      recordOf: (path) => store.get(path),
      rootOf: ({ tree }) => store.getTreeEncoding(tree),
    };
  }

  async perform(work: Work): Promise<Performed> {
    const { asked, read } = work;
    const pinned = await this.#decode(read);
    await this.#refuseLacking(pinned.derivation);
    const { name, identity } = await this.#options.realizer.runnerOf(pinned.derivation);
    const isAskedAgain = asked.skipCacheLookup || read.action.doNotCache;
    const known = isAskedAgain ? undefined : await this.#known(pinned);
    if (known !== undefined) {
      const result = this.#resultOf(pinned.derivation, known, identity, work);
      return { result, isCached: true, executor: 'none', outcome: 'known', madeBytes: 0 };
    }
    const came = await this.#run(pinned, work);
    const result = this.#resultOf(pinned.derivation, came, identity, work);
    return {
      result,
      isCached: false,
      executor: name,
      outcome: outcomeOf(came),
      madeBytes: this.#madeBytes(came),
    };
  }

  /** What a derivation's action came to earlier, where its outputs are there. @throws ActionFault where it is none. */
  async lookUp(read: ReadAction): Promise<ActionResult | undefined> {
    const pinned = await this.#decode(read);
    if ((await this.#options.realizer.lacking(pinned.derivation.requiredRealizerFeatures)).size > 0)
      return undefined;
    const known = await this.#known(pinned);
    if (known === undefined) return undefined;
    const { identity } = await this.#options.realizer.runnerOf(pinned.derivation);
    return this.#resultOf(pinned.derivation, known, identity, undefined);
  }

  async #decode(read: ReadAction): Promise<PinnedDerivation> {
    const inputs = await this.#inputs.of(read);
    const decoded = derivationOf(read.command, inputs);
    if (!decoded.ok) throw invalid(`the command is not that of a derivation: ${decoded.fault}`);
    return decoded.value;
  }

  async #refuseLacking({ name, requiredRealizerFeatures: required }: ResolvedDerivation): Promise<void> {
    const { realizer } = this.#options;
    const lacking = await realizer.lacking(required);
    if (lacking.size === 0) return;
    const offered = [...(await realizer.features())].toSorted();
    const remedies = [...new Set(lacking.values())].filter((remedy) => remedy !== '');
    const message = [
      `'${name}' requires ${list(required)}, and this realizer lacks ${list([...lacking.keys()])}: it offers ${list(offered)}`,
      ...remedies,
    ].join('; ');
    throw lackingFeatures(message, lacking);
  }

  async #known({ derivation, pins }: PinnedDerivation): Promise<DerivationResult | undefined> {
    const { realizer, store } = this.#options;
    const request = { derivation, pins, requestedAs: derivation.id };
    const found = await realizer.lookup(request);
    if (found === undefined) return undefined;
    const paths = Object.values(found.outputs);
    if (store.use(paths).size < new Set(paths).size) return undefined;
    return { outcome: 'realized', how: 'known', ...found };
  }

  async #run(pinned: PinnedDerivation, work: Work): Promise<DerivationResult> {
    const { queues, streams } = this.#options;
    const { derivation, pins } = pinned;
    const { operation, asked, read } = work;
    const queue = derivation.fix.kind === 'none' ? queues.computing : queues.fetching;
    using _place = await work.enter(queue, read.timeoutMs);
    const stream = new OutputStream(streamLimit);
    using _stream = streams.add(operation.stdoutName, stream);
    const request = { derivation, pins, requestedAs: requestedAs(asked.requestedAs) ?? derivation.id };
    const context = { emit: this.#emitFor(work, stream), signal: work.signal };
    operation.moments.programBeganMs = Date.now();
    const isRepetition = asked.skipCacheLookup && read.action.doNotCache;
    const came = await told(() =>
      isRepetition ? this.#options.realizer.repeat(request, context) : this.#realize(request, context),
    );
    operation.moments.programEndedMs = Date.now();
    return came;
  }

  /** Where another action is the same derivation and was cancelled, this one goes on by itself. */
  async #realize(request: RealizeRequest, context: RealizeContext): Promise<DerivationResult> {
    for (;;) {
      try {
        return await this.#options.realizer.realize(request, context);
      } catch (error) {
        if (context.signal.aborted || !isCancellation(error)) throw error;
      }
    }
  }

  #madeBytes(came: DerivationResult): number {
    if (came.outcome !== 'realized' || came.how === 'known') return 0;
    const records = Object.values(came.outputs).map((path) => this.#options.store.get(path));
    return records.reduce((sum, record) => sum + (record?.size ?? 0), 0);
  }

  #emitFor({ operation, asked }: Work, stream: OutputStream): (event: CabEvent) => void {
    const say = (line: string): void => {
      operation.say(line);
      stream.write(Buffer.from(`${line}\n`));
    };
    return (event) => {
      if (event.type === 'build-log') say(event.line);
      else if (event.type === 'diagnostic') say(`${event.diagnostic.severity}: ${event.diagnostic.message}`);
      else if (event.type === 'build-claimed') {
        operation.claim(event.claim, event.known);
        if (event.known)
          this.#options.observe({ type: 'claim-known', action: asked.action.hash, claim: event.claim });
      }
    };
  }

  #resultOf(
    derivation: ResolvedDerivation,
    came: DerivationResult,
    identity: string,
    work: Work | undefined,
  ): ActionResult {
    const realised = realisedMessageOf(came, this.#look, identity);
    const moments = work === undefined ? {} : { ...work.operation.moments, endedMs: Date.now() };
    return create(ActionResultSchema, {
      outputDirectories: directoriesOf(derivation, realised),
      exitCode: came.outcome === 'failed' ? came.program?.exitCode || 1 : 0,
      executionMetadata: {
        ...executedMetadataOf(moments, this.#options.worker),
        auxiliaryMetadata: [anyPack(RealisedSchema, realised)],
      },
    });
  }
}

function list(features: readonly string[]): string {
  return features.length === 0 ? 'nothing' : features.map((feature) => `'${feature}'`).join(', ');
}

function directoriesOf(derivation: ResolvedDerivation, { how, outputs }: Realised) {
  if (how === Realised_How.FAILED) return [];
  return outputs
    .map(({ name, output }) => ({
      path: scratchPathOf(derivation, name).slice(1),
      ...(output?.tree !== undefined && { rootDirectoryDigest: output.tree }),
    }))
    .toSorted((a, b) => compareCodePoints(a.path, b.path));
}

function outcomeOf(came: DerivationResult): Performed['outcome'] {
  if (came.outcome === 'failed') return 'failed';
  return came.outcome === 'realized' && came.how === 'known' ? 'known' : 'built';
}

/** An id as a client says it, under which logs are kept, or undefined where it has not the form of one. */
function requestedAs(text: string | undefined): DerivationId | undefined {
  return text === undefined
    ? undefined
    : (parseHashPart(text) as string | undefined as DerivationId | undefined);
}

/** What kept a program from being run is told like its failure; a full disk is the realizer's own trouble. */
async function told(run: () => Promise<DerivationResult>): Promise<DerivationResult> {
  try {
    return await run();
  } catch (error) {
    const [diagnostic] = error instanceof DiagnosticError ? error.diagnostics : [];
    if (diagnostic === undefined || diagnostic.code === 'CAB5002') throw error;
    return { outcome: 'failed', diagnostic };
  }
}

/** Whether something fell over since what it worked for was ended. */
function isCancellation(error: unknown): boolean {
  return error instanceof ActionFault || (error instanceof Error && error.name === 'AbortError');
}
