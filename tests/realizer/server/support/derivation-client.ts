import { create, toBinary } from '@bufbuild/protobuf';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { type Pins, type ResolvedDerivation, makeDerivation } from '../../../../src/derivations/index.ts';
import { type StorePath, digestOf } from '../../../../src/foundation/index.ts';
import {
  ActionSchema,
  CommandSchema,
  type Digest,
  type ExecuteResponse,
  type RealisedElsewhere,
  RealisedSchema,
  RequestMetadataSchema,
  commandOf,
  inputRootOf,
  outputNodeOf,
  realisedOfMessage,
} from '../../../../src/realizer/protocol/index.ts';
import { encodeDirectory } from '../../../../src/store/index.ts';
import { compileShell } from '../../../executors/support/shell.ts';
import type { ExecutionRig, RigClient, Told } from './execution-rig.ts';

const shell = compileShell();

export interface DerivationAsk {
  readonly pins?: Pins;
  readonly doNotCache?: boolean;
  readonly skipCacheLookup?: boolean;
  readonly requestedAs?: string;
  readonly timeoutSeconds?: number;
}

/** A client that has derivations realized, as Cab's own does. */
export class DerivationClient {
  readonly rig: ExecutionRig;
  readonly client: RigClient;
  readonly builder: StorePath;

  private constructor(client: RigClient, builder: StorePath) {
    this.rig = client.rig;
    this.client = client;
    this.builder = builder;
  }

  static async create(rig: ExecutionRig, name?: string): Promise<DerivationClient> {
    return new DerivationClient(rig.client(name), addFile(rig, 'shell.wasm', await shell));
  }

  /** A derivation whose builder, a WebAssembly program, carries out commands. */
  derivation(commands: readonly string[], parts: Partial<ResolvedDerivation> = {}): ResolvedDerivation {
    return makeDerivation({
      name: 'example',
      builder: this.builder,
      arguments: commands,
      environment: {},
      inputs: { derivations: [], trees: [this.builder] },
      outputs: ['out'],
      requiredRealizerFeatures: ['wasm'],
      fix: { kind: 'none' },
      ...parts,
    }) as ResolvedDerivation;
  }

  async upload(
    derivation: ResolvedDerivation,
    { pins = {}, doNotCache = false, timeoutSeconds }: DerivationAsk = {},
  ): Promise<Digest> {
    const { store } = this.rig;
    const inputs = derivation.inputs.trees.map((path) => {
      const tree = store.get(path)?.tree;
      if (tree === undefined) throw new Error(`'${path}' is not there`);
      return { path, node: outputNodeOf(store.getTreeEncoding(tree)) };
    });
    const directories = inputRootOf(inputs);
    for (const { encoding } of directories) await this.rig.upload(encoding, 'blake3');
    const [root] = directories;
    const command = toBinary(CommandSchema, commandOf({ derivation, pins }));
    return await this.rig.uploadMessage(
      ActionSchema,
      {
        commandDigest: await this.rig.upload(command, 'blake3'),
        inputRootDigest: { hash: root?.digest ?? '', sizeBytes: BigInt(root?.encoding.length ?? 0) },
        doNotCache,
        ...(timeoutSeconds !== undefined && { timeout: { seconds: BigInt(timeoutSeconds) } }),
      },
      'blake3',
    );
  }

  async ask(derivation: ResolvedDerivation, asked: DerivationAsk = {}): Promise<Told> {
    const action = await this.upload(derivation, asked);
    const metadata = create(RequestMetadataSchema, { targetId: asked.requestedAs ?? derivation.id });
    return await this.client.execute(action, { skipCacheLookup: asked.skipCacheLookup ?? false }, 'blake3', {
      'build.bazel.remote.execution.v2.requestmetadata-bin': Buffer.from(
        toBinary(RequestMetadataSchema, metadata),
      ).toString('base64'),
    });
  }

  async realise(derivation: ResolvedDerivation, asked: DerivationAsk = {}): Promise<RealisedElsewhere> {
    return realisedIn((await this.ask(derivation, asked)).response);
  }

  /** What the only file of an output holds. */
  textOf(realised: RealisedElsewhere, output = 'out'): string {
    const record = realised.records[output];
    const file = record && this.rig.store.lookup(record.path, '/');
    if (file?.kind !== 'file') throw new Error(`the output ${output} is no file`);
    return Buffer.from(this.rig.store.blobs.read(file.digest)).toString();
  }
}

export function realisedIn({ result, status }: ExecuteResponse): RealisedElsewhere {
  for (const each of result?.executionMetadata?.auxiliaryMetadata ?? []) {
    const message = anyUnpack(each, RealisedSchema);
    const realised = message && realisedOfMessage(message);
    if (realised !== undefined) return realised;
  }
  throw new Error(`nothing was realised: ${status?.message ?? ''}`);
}

/** Puts a file into the store, as an output. */
export function addFile({ store }: ExecutionRig, name: string, content: Uint8Array): StorePath {
  const files = [{ name: '', executable: false, ...store.blobs.put(content) }];
  const encoding = encodeDirectory({ files, directories: [], symlinks: [] });
  const record = store.addTree({
    root: digestOf(encoding),
    encodings: [encoding],
    name,
    references: new Set(),
    candidates: [],
  });
  store.commit({ outputs: [record] });
  return record.path;
}
