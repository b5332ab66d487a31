import assert from 'node:assert/strict';
import { type DescMessage, type MessageInitShape, create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { type Client, type Transport, createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { makeTemporaryFolder, removeFolder } from '../../../../scripts/temporary-folder.ts';
import { digestOf, sha256Of } from '../../../../src/foundation/index.ts';
import {
  EmbeddedRealizer,
  type RealizerConfiguration,
  executorLoaders,
} from '../../../../src/realizer/index.ts';
import {
  ActionCache,
  ActionSchema,
  type ActionResult,
  CommandSchema,
  type ContentDigest,
  type Digest,
  type DigestFunctionName,
  DirectorySchema,
  type ExecuteRequestSchema,
  ExecuteOperationMetadataSchema,
  type ExecuteResponse,
  ExecuteResponseSchema,
  Execution,
  type ExecutionStage_Value,
  type Operation,
  Operations,
  type Progress,
  ProgressSchema,
  contentDigestOf,
  digestFunctionValue,
  messageDigestOf,
} from '../../../../src/realizer/protocol/index.ts';
import {
  type ExecutionEvent,
  type ExecutionLimits,
  ExecutionServer,
  usualExecutionLimits,
  usualForeignLimits,
} from '../../../../src/realizer/server/execution/index.ts';
import {
  type Authentication,
  type Credentials,
  allRights,
} from '../../../../src/realizer/server/access/authentication.ts';
import { type Quota, Quotas } from '../../../../src/realizer/server/quotas/index.ts';
import { serve } from '../../../../src/realizer/server/server.ts';
import type { Listening } from '../../../../src/realizer/server/transport/listening.ts';
import { StoreContent } from '../../../../src/realizer/server/content/store-content.ts';
import { Store } from '../../../../src/store/index.ts';
import { defaultConfiguration } from '../../../executors/support/rig.ts';

export interface RigOptions {
  readonly configuration?: Partial<RealizerConfiguration>;
  readonly limits?: Partial<ExecutionLimits>;
  readonly quotaOf?: (client: string) => Quota;
  readonly platform?: ReadonlyMap<string, readonly string[]>;
  readonly longestMs?: number;
}

/** What a client was told of an operation, step by step. */
export interface Told {
  readonly name: string;
  readonly stages: readonly ExecutionStage_Value[];
  readonly progress: readonly Progress[];
  readonly response: ExecuteResponse;
}

/** Whoever says a name goes by it, and may do all. */
function authenticate({ authorization = '' }: Credentials): Authentication {
  const name = authorization.replace(/^Bearer /, '');
  return { outcome: 'known', client: { name, by: 'token', may: new Set(allRights) } };
}

/** A server of actions with a store of its own, and clients that reach it over the network. */
export class ExecutionRig implements AsyncDisposable {
  readonly folder: string;
  readonly store: Store;
  readonly content: StoreContent;
  readonly server: ExecutionServer;
  readonly realizer: EmbeddedRealizer;
  readonly events: ExecutionEvent[] = [];
  #listening: Listening | undefined;

  private constructor(folder: string, { configuration, limits, quotaOf, platform, longestMs }: RigOptions) {
    this.folder = folder;
    this.store = Store.open(`${folder}/store`);
    this.content = new StoreContent(this.store);
    const configured = { ...defaultConfiguration, ...configuration };
    this.realizer = new EmbeddedRealizer(this.store, executorLoaders(this.store, configured), configured);
    this.server = new ExecutionServer({
      store: this.store,
      content: this.content,
      realizer: this.realizer,
      configuration: configured,
      limits: { ...usualExecutionLimits, ...limits },
      quotas: new Quotas({ quotaOf: quotaOf ?? (() => ({})) }),
      foreignLimits: { ...usualForeignLimits, ...(longestMs !== undefined && { longestMs }) },
      platform: platform ?? new Map(),
      worker: 'rig',
      observe: (event) => this.events.push(event),
    });
  }

  static async create(options: RigOptions = {}): Promise<ExecutionRig> {
    const rig = new ExecutionRig(await makeTemporaryFolder(), options);
    const result = await serve({
      addresses: [{ kind: 'tcp', host: '127.0.0.1', port: 0 }],
      authenticator: { authenticate },
      routes: [],
      raw: rig.server.methods,
      log: ({ facts }) => rig.events.push({ type: 'fault', where: 'a call', error: facts }),
    });
    assert.ok(result.outcome === 'listening');
    rig.#listening = result.listening;
    return rig;
  }

  /** How many actions wait. */
  get queued(): number {
    return this.server.load().queued;
  }

  client(name = 'someone'): RigClient {
    const address = this.#listening?.addresses[0];
    assert.ok(address?.kind === 'tcp');
    const transport = createGrpcTransport({
      baseUrl: `http://127.0.0.1:${address.port}`,
      interceptors: [
        (next) => (request) => {
          request.header.set('authorization', `Bearer ${name}`);
          return next(request);
        },
      ],
    });
    return new RigClient(this, transport);
  }

  /** Puts content into the store, as a client's upload does. */
  async upload(content: Uint8Array | string, name: DigestFunctionName = 'sha256'): Promise<Digest> {
    const bytes = Buffer.from(content);
    const digest: ContentDigest =
      name === 'blake3'
        ? { function: name, hash: digestOf(bytes), size: bytes.length }
        : { function: name, hash: sha256Of(bytes), size: bytes.length };
    if (!(await this.content.put(digest, bytes))) throw new Error('the content was refused');
    return messageDigestOf(digest) as Digest;
  }

  async uploadMessage<Schema extends DescMessage>(
    schema: Schema,
    init: MessageInitShape<Schema>,
    name: DigestFunctionName = 'sha256',
  ): Promise<Digest> {
    return await this.upload(toBinary(schema, create(schema, init)), name);
  }

  async bytes(digest: Digest | undefined, name: DigestFunctionName = 'sha256'): Promise<Uint8Array> {
    const known = contentDigestOf(name, digest);
    const bytes = known && (await this.content.read(known));
    if (bytes === undefined) throw new Error(`there is no content ${JSON.stringify(known)}`);
    return bytes;
  }

  async download(digest: Digest | undefined, name: DigestFunctionName = 'sha256'): Promise<string> {
    return Buffer.from(await this.bytes(digest, name)).toString();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
    await this.#listening?.close({ graceMs: 0 });
    await this.realizer.close();
    this.store.close();
    await removeFolder(this.folder);
    const faults = this.events.filter((event) => event.type === 'fault').map(({ error }) => error);
    if (faults.length > 0) throw new AggregateError(faults, 'the server has made mistakes');
  }
}

/** A file that can be executed. */
export class Script {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export class Link {
  readonly target: string;

  constructor(target: string) {
    this.target = target;
  }
}

/** What is in an input root, by name: files by their content, folders, scripts and links. */
export interface Inputs {
  readonly [name: string]: string | Script | Link | Inputs;
}

export interface ActionInit {
  readonly command: MessageInitShape<typeof CommandSchema>;
  readonly inputs?: Inputs;
  readonly action?: Omit<MessageInitShape<typeof ActionSchema>, '$typeName'>;
}

export class RigClient {
  readonly rig: ExecutionRig;
  readonly execution: Client<typeof Execution>;
  readonly operations: Client<typeof Operations>;
  readonly cache: Client<typeof ActionCache>;

  constructor(rig: ExecutionRig, transport: Transport) {
    this.rig = rig;
    this.execution = createClient(Execution, transport);
    this.operations = createClient(Operations, transport);
    this.cache = createClient(ActionCache, transport);
  }

  /** Uploads an action with its command and inputs. */
  async action(
    { command, inputs = {}, action }: ActionInit,
    name: DigestFunctionName = 'sha256',
  ): Promise<Digest> {
    return await this.rig.uploadMessage(
      ActionSchema,
      {
        commandDigest: await this.rig.uploadMessage(CommandSchema, command, name),
        inputRootDigest: await this.inputRoot(inputs, name),
        ...action,
      },
      name,
    );
  }

  /** An action that runs a script of the machine's shell. */
  script(
    text: string,
    { command, ...rest }: Partial<ActionInit> = {},
    name: DigestFunctionName = 'sha256',
  ): Promise<Digest> {
    return this.action({ command: { arguments: ['/bin/sh', '-eu', '-c', text], ...command }, ...rest }, name);
  }

  async inputRoot(inputs: Inputs, name: DigestFunctionName): Promise<Digest> {
    const [files, directories, symlinks]: [object[], object[], object[]] = [[], [], []];
    for (const [entry, what] of Object.entries(inputs)) {
      if (typeof what === 'string') files.push({ name: entry, digest: await this.rig.upload(what, name) });
      else if (what instanceof Script)
        files.push({ name: entry, digest: await this.rig.upload(what.text, name), isExecutable: true });
      else if (what instanceof Link) symlinks.push({ name: entry, target: what.target });
      else directories.push({ name: entry, digest: await this.inputRoot(what, name) });
    }
    return await this.rig.uploadMessage(DirectorySchema, { files, directories, symlinks }, name);
  }

  /** Asks for an action and waits for its end. */
  execute(
    actionDigest: Digest,
    request: Partial<MessageInitShape<typeof ExecuteRequestSchema>> = {},
    name: DigestFunctionName = 'sha256',
    headers: Record<string, string> = {},
  ): Promise<Told> {
    const asked = { actionDigest, digestFunction: digestFunctionValue(name), ...request };
    return heard(this.execution.execute(asked as MessageInitShape<typeof ExecuteRequestSchema>, { headers }));
  }

  /** The result of an action that is to have one. */
  async result(...asked: Parameters<RigClient['execute']>): Promise<ActionResult> {
    const { response } = await this.execute(...asked);
    if (response.result === undefined) throw new Error(`no result: ${response.status?.message ?? ''}`);
    return response.result;
  }
}

export async function heard(operations: AsyncIterable<Operation>): Promise<Told> {
  const stages: ExecutionStage_Value[] = [];
  const progress: Progress[] = [];
  for await (const { name, metadata, done, result } of operations) {
    const told = metadata && anyUnpack(metadata, ExecuteOperationMetadataSchema);
    if (told !== undefined && told.stage !== stages.at(-1)) stages.push(told.stage);
    for (const each of told?.partialExecutionMetadata?.auxiliaryMetadata ?? [])
      progress.push(fromBinary(ProgressSchema, each.value));
    if (!done) continue;
    const response = result.case === 'response' ? anyUnpack(result.value, ExecuteResponseSchema) : undefined;
    if (response === undefined) throw new Error('the operation is done and has no response');
    return { name, stages, progress, response };
  }
  throw new Error('the operation has not ended');
}
