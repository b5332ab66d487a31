import { Code } from '@connectrpc/connect';
import type { Pins, ResolvedDerivation } from '../../../derivations/index.ts';
import type { Store } from '../../../store/index.ts';
import type { RealizeResult } from '../../index.ts';
import {
  type ContentDigest,
  type DigestFunctionName,
  type Qualifier,
  type Status,
} from '../../protocol/index.ts';
import type { ContentStore } from '../content/content-store.ts';
import { contentOf, integrityOf } from './asset-content.ts';
import { type AssetKind, type ProgramPath, assetDerivation } from './asset-derivation.ts';
import { statusOf, statusOfFailure } from './failure-status.ts';
import { type PushedAsset, type PushedAssets, isSecretQualifier } from './pushed-assets.ts';
import type { AssetHeader, AssetQualifiers } from './qualifiers.ts';
import { missingBelow } from './whole-tree.ts';

/** What a client asks for, understood or not: what was pushed is found by the very same words. */
export interface AskedAsset {
  readonly kind: AssetKind;
  readonly uris: readonly string[];
  readonly qualifiers: readonly Qualifier[];
  readonly digestFunction: DigestFunctionName;
  /** In milliseconds since 1970: what was pushed earlier does not count. What its origin has is asked for each time. */
  readonly oldestMs: number;
}

/** One that is to be fetched, and so has to be understood. */
export interface AssetRequest extends AskedAsset {
  readonly understood: AssetQualifiers;
}

export interface AssetContext {
  /** The name by which authentication knows who asks. */
  readonly client: string;
  readonly signal: AbortSignal;
}

export type AssetResult =
  | {
      readonly outcome: 'found';
      readonly how: 'pushed' | 'known' | 'fetched';
      readonly uri: string;
      readonly qualifiers: readonly Qualifier[];
      readonly digest: ContentDigest;
      readonly expiresMs: number | undefined;
    }
  | { readonly outcome: 'failed'; readonly uri: string; readonly status: Status };

/** One thing to make exist on behalf of a client. */
export interface AssetWork {
  readonly derivation: ResolvedDerivation;
  readonly pins: Pins;
  /** By lower-case name; for requests to the address alone. They may be secrets. */
  readonly headers: ReadonlyMap<string, string>;
}

export interface AssetFetcherOptions {
  readonly store: Store;
  readonly content: ContentStore;
  readonly pushed: PushedAssets;
  readonly programPath: ProgramPath;
  readonly realize: (work: AssetWork, context: AssetContext) => Promise<RealizeResult>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Makes what lies at an address be in the store: what was pushed for it, or what its origin has. */
export class AssetFetcher {
  readonly #options: AssetFetcherOptions;

  constructor(options: AssetFetcherOptions) {
    this.#options = options;
  }

  /** What was pushed for one of the addresses, if it is there. */
  async findPushed(asked: AskedAsset): Promise<AssetResult | undefined> {
    for (const uri of asked.uris) {
      const pushed = await this.#findPushed(uri, asked);
      if (pushed !== undefined) return pushed;
    }
    return undefined;
  }

  /** Tries the addresses in their order. Where none leads to anything, the failure of the first is told: it is the one that was meant. */
  async fetch(request: AssetRequest, context: AssetContext): Promise<AssetResult> {
    let failed: AssetResult | undefined;
    for (const uri of request.uris) {
      const result = await this.#fetchFrom(uri, request, context);
      if (result.outcome === 'found') return result;
      failed ??= result;
    }
    if (failed === undefined) throw new Error('an asset without an address was not refused');
    return failed;
  }

  async #findPushed(uri: string, request: AskedAsset): Promise<AssetResult | undefined> {
    const { kind, qualifiers, digestFunction, oldestMs } = request;
    const { pushed, content, now } = this.#options;
    const functions =
      digestFunction === 'blake3' ? (['blake3', 'sha256'] as const) : (['sha256', 'blake3'] as const);
    const asset = pushed.find({ kind, uri, qualifiers }, functions, now());
    if (asset === undefined || asset.pushedMs < oldestMs) return undefined;
    const digest = await this.#inFunction(asset, kind, digestFunction);
    if (digest === undefined) return undefined;
    const missing =
      kind === 'blob' ? (await content.missing([digest]))[0] : await missingBelow(content, digest);
    if (missing !== undefined) return undefined;
    const { expiresMs } = asset;
    return {
      outcome: 'found',
      how: 'pushed',
      uri,
      qualifiers: shownQualifiers(request, {}),
      digest,
      expiresMs,
    };
  }

  /** A file that was pushed by one function is found by the other one too; a directory is another one then. */
  async #inFunction(
    { digest }: PushedAsset,
    kind: AssetKind,
    wanted: DigestFunctionName,
  ): Promise<ContentDigest | undefined> {
    if (digest.function === wanted) return digest;
    const { store, content } = this.#options;
    if (kind === 'directory' || (await content.missing([digest])).length > 0) return undefined;
    if (digest.function === 'sha256') {
      const known = store
        .findBySha256([digest.hash])
        .get(digest.hash)
        ?.find((each) => each.kind === 'file');
      return known && { function: 'blake3', hash: known.digest, size: known.size };
    }
    const { sha256, size } = await store.sha256Of({ kind: 'file', digest: digest.hash });
    return { function: 'sha256', hash: sha256, size };
  }

  async #fetchFrom(uri: string, request: AssetRequest, context: AssetContext): Promise<AssetResult> {
    const { store, programPath, realize } = this.#options;
    const { kind, understood, digestFunction } = request;
    const failed = (status: Status): AssetResult => ({ outcome: 'failed', uri, status });
    const made = assetDerivation(uri, kind, understood, programPath);
    if (!made.ok) return failed(statusOf(made.code, made.fault));
    const { derivation, pins, island, unchecked } = made.value;
    const work = { derivation, pins, headers: headersFor(uri, understood.headers) };
    const result = await realize(work, context);
    if (result.outcome === 'failed') return failed(statusOfFailure(island, result));
    const [path] = Object.values(result.outputs);
    if (path === undefined) throw new Error(`${derivation.name} came out without an output`);
    const integrity = unchecked && integrityOf(store, path, unchecked);
    if (integrity !== unchecked) {
      const message = `what came from '${uri}' is not what was wanted: its checksum is ${integrity} and not ${unchecked}`;
      return failed(statusOf(Code.Aborted, message));
    }
    const found = await contentOf(store, path, kind, digestFunction);
    if (!found.ok) return failed(statusOf(Code.Aborted, `'${island}' was fetched, but ${found.fault}`));
    const how = result.how === 'built' ? 'fetched' : 'known';
    const qualifiers = shownQualifiers(request, result.pins);
    return { outcome: 'found', how, uri, qualifiers, digest: found.digest, expiresMs: undefined };
  }
}

/** The qualifiers of the request, and the commit that a branch stood for. */
function shownQualifiers({ qualifiers }: AskedAsset, pins: Pins): readonly Qualifier[] {
  const shown = qualifiers.filter((qualifier) => !isSecretQualifier(qualifier));
  const { git } = pins;
  if (git === undefined || shown.some(({ name }) => name === 'vcs.commit')) return shown;
  const commit = {
    $typeName: 'build.bazel.remote.asset.v1.Qualifier',
    name: 'vcs.commit',
    value: git,
  } as const;
  return [...shown, commit];
}

/** What is for one address stands before what is for all. */
function headersFor(uri: string, headers: readonly AssetHeader[]): ReadonlyMap<string, string> {
  const general = headers.filter((header) => header.uri === undefined);
  const own = headers.filter((header) => header.uri === uri);
  return new Map([...general, ...own].map(({ name, value }) => [name, value]));
}
