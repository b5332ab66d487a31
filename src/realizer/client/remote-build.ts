import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { DiagnosticError } from '../../diagnostics/index.ts';
import type { StorePath } from '../../foundation/index.ts';
import type { Store } from '../../store/index.ts';
import type { RealizeContext, RealizeRequest, RealizeResult, RepeatResult } from '../index.ts';
import {
  DigestFunction_Value,
  type ExecuteOperationMetadata,
  type ExecuteResponse,
  ExecutionStage_Value,
  type OutputNode,
  ProgressSchema,
  type RealisedElsewhere,
  RealisedSchema,
  messageDigestOf,
  realisedOfMessage,
} from '../protocol/index.ts';
import { type EncodedAction, actionOf, requestHeaders } from './action.ts';
import { BuildReport } from './build-report.ts';
import type { Connection } from './connection.ts';
import { Execution, type ExecutionOutcome } from './execution.ts';
import { realizerFailed } from './faults.ts';
import type { KnownOutputs, RemoteOutput } from './known-outputs.ts';
import type { SmallContent } from './small-content.ts';

/** What belongs to an action goes along with it unless it is longer, in bytes: longer ones would keep others waiting. */
const alongLimit = 256 << 10;

export interface BuildMeans {
  readonly connection: Connection;
  readonly store: Store;
  readonly content: SmallContent;
  readonly known: KnownOutputs;
  /** Of Cab. */
  readonly version: string;
  /** Brings outputs there that are here. */
  readonly push: (paths: readonly StorePath[]) => Promise<void>;
}

/** One derivation that is realized elsewhere. */
export class RemoteBuild {
  readonly #means: BuildMeans;
  readonly #request: RealizeRequest;
  readonly #context: RealizeContext;
  readonly #report: BuildReport;

  constructor(means: BuildMeans, request: RealizeRequest, context: RealizeContext) {
    this.#means = means;
    this.#request = request;
    this.#context = context;
    this.#report = new BuildReport({
      derivation: request.derivation,
      realizer: means.connection.named.name,
      emit: context.emit,
    });
  }

  async realize(): Promise<RealizeResult> {
    const { derivation, pins } = this.#request;
    // What its origin has by now is asked each time.
    const doNotCache = derivation.fix.kind === 'self' && Object.keys(pins).length === 0;
    const { result, records, identity } = await this.#run({ doNotCache, skipCacheLookup: false });
    if (result.outcome === 'repeated') throw this.#nonsense();
    if (result.outcome === 'failed') return result;
    return { ...result, identity, records: Object.values(records) };
  }

  /** With what came out, none of which is here yet. */
  async repeat(): Promise<{ readonly result: RepeatResult; readonly outputs: readonly RemoteOutput[] }> {
    const realised = await this.#run({ doNotCache: true, skipCacheLookup: true });
    if (realised.result.outcome === 'realized') throw this.#nonsense();
    return { result: realised.result, outputs: outputsOf(realised) };
  }

  async #run(how: How): Promise<RealisedElsewhere> {
    let outcome: 'built' | 'known' | 'failed' = 'failed';
    let wasStopped = false;
    try {
      const realised = this.#realisedBy(await this.#execute(how));
      const { result } = realised;
      if (result.outcome !== 'failed' && result.outcome !== 'repeated') {
        outcome = result.how;
        wasStopped = result.how === 'known';
        this.#means.known.learn(outputsOf(realised));
      }
      if (result.outcome === 'repeated') outcome = 'built';
      // A short one may be over before anything was told of it.
      if (outcome === 'built' || (result.outcome === 'failed' && result.program !== undefined))
        this.#report.started();
      return realised;
    } finally {
      this.#keepLog(wasStopped);
      this.#report.finished(outcome);
    }
  }

  /** As for a build here: one that was stopped before it said anything leaves the log of an earlier one. */
  #keepLog(wasStopped: boolean): void {
    const { lines, hasStarted } = this.#report;
    if (!hasStarted || (lines.length === 0 && wasStopped)) return;
    const { derivation, requestedAs } = this.#request;
    this.#means.store.logs.write([derivation.id, requestedAs], lines);
  }

  async #execute(how: How): Promise<ExecuteResponse> {
    const { content, known } = this.#means;
    let action = await this.#action(how);
    const first = await this.#executeOnce(action, how);
    if (first.kind === 'answered') return first.response;
    // What was there a while ago is there no more.
    content.forget();
    known.forget();
    action = await this.#action(how);
    await this.#means.push(this.#inputsHere());
    const second = await this.#executeOnce(action, how);
    if (second.kind === 'answered') return second.response;
    throw this.#inputsMissing(second.subjects);
  }

  async #executeOnce(action: EncodedAction, { skipCacheLookup }: How): Promise<ExecutionOutcome> {
    const { connection, content } = this.#means;
    const unsent = content.unsent(action.blobs);
    const goesAlong = unsent.reduce((sum, { digest }) => sum + digest.size, 0) <= alongLimit;
    if (!goesAlong) await content.write(unsent);
    return await new Execution({
      connection,
      request: {
        actionDigest: messageDigestOf(action.digest),
        digestFunction: DigestFunction_Value.BLAKE3,
        skipCacheLookup,
      },
      contents: goesAlong ? unsent.map((blob) => blob.content) : [],
      headers: requestHeaders(this.#request, action.digest, this.#means.version),
      onProgress: (metadata, isResumed) => {
        content.noteSent(unsent);
        this.#hear(metadata, isResumed);
      },
      onBeginning: () => this.#report.startAnew(),
      onLost: (why, waitMs) => {
        if (connection.lost()) this.#report.lost(why, waitMs);
      },
      signal: this.#context.signal,
    }).run();
  }

  async #action({ doNotCache }: How): Promise<EncodedAction> {
    const { trees } = this.#request.derivation.inputs;
    const nodes = new Map<StorePath, OutputNode>();
    const missing: StorePath[] = [];
    await Promise.all(
      trees.map(async (path) => {
        const node = await this.#means.known.nodeOf(path);
        if (node === undefined) missing.push(path);
        else nodes.set(path, node);
      }),
    );
    if (missing.length > 0) throw this.#inputsMissing(missing);
    return actionOf(this.#request, nodes, { doNotCache });
  }

  #inputsHere(): readonly StorePath[] {
    const { store } = this.#means;
    return [...store.use(this.#request.derivation.inputs.trees)];
  }

  #hear({ stage, partialExecutionMetadata }: ExecuteOperationMetadata, isResumed: boolean): void {
    if (stage === ExecutionStage_Value.EXECUTING) this.#report.started();
    for (const any of partialExecutionMetadata?.auxiliaryMetadata ?? []) {
      const progress = anyUnpack(any, ProgressSchema);
      if (progress !== undefined) this.#report.progress(progress, isResumed);
    }
  }

  #realisedBy({ result, message }: ExecuteResponse): RealisedElsewhere {
    const metadata = result?.executionMetadata?.auxiliaryMetadata ?? [];
    const messages = metadata.map((any) => anyUnpack(any, RealisedSchema));
    const told = messages.find((each) => each !== undefined);
    const realised = told && realisedOfMessage(told);
    if (realised === undefined || !this.#hasAllOutputs(realised)) throw this.#nonsense(message);
    return realised;
  }

  #hasAllOutputs({ result, records }: RealisedElsewhere): boolean {
    if (result.outcome === 'failed') return true;
    const promised = this.#request.derivation.outputs;
    const made = Object.keys(records);
    return made.length === promised.length && promised.every((output) => Object.hasOwn(records, output));
  }

  #nonsense(message = ''): Error {
    const { name } = this.#request.derivation;
    const said = message === '' ? '' : ` (${message})`;
    return realizerFailed(
      this.#means.connection.named,
      `it was to realize '${name}', and its answer is no result of that${said}`,
    );
  }

  #inputsMissing(subjects: readonly string[]): Error {
    const { named } = this.#means.connection;
    return new DiagnosticError({
      code: 'CAB4047',
      severity: 'error',
      message: `the realizer '${named.name}' lacks inputs of '${this.#request.derivation.name}', and they are not here either`,
      notes: subjects.slice(0, 20),
      hint: 'they were there before: build again, and they are made anew',
    });
  }
}

interface How {
  readonly doNotCache: boolean;
  readonly skipCacheLookup: boolean;
}

function outputsOf({
  records,
  roots,
}: Pick<RealisedElsewhere, 'records' | 'roots'>): readonly RemoteOutput[] {
  return Object.entries(records).map(([name, record]) => ({ ...record, treeSize: 0, ...roots[name] }));
}
