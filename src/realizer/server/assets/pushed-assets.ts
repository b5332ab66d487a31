import { canonicalJson, digestOf } from '../../../foundation/index.ts';
import type { ActionKey, ActionResults } from '../../../store/index.ts';
import type { ContentDigest, DigestFunctionName, Qualifier } from '../../protocol/index.ts';
import type { AssetKind } from './asset-derivation.ts';

/** What a client has said that an address is to be taken for. */
export interface PushedAsset {
  readonly digest: ContentDigest;
  /** In milliseconds since 1970. */
  readonly pushedMs: number;
  /** The same; undefined where it stays. */
  readonly expiresMs: number | undefined;
}

export interface AssetName {
  readonly kind: AssetKind;
  readonly uri: string;
  readonly qualifiers: readonly Qualifier[];
}

/**
 * The addresses that clients have pushed content for. They lie among the results of actions, with which they have in common that they are
 * found by a digest of the question and go when nobody asks for long. The qualifiers have to be the very same, in whatever order.
 */
export class PushedAssets {
  readonly #results: ActionResults;

  constructor(results: ActionResults) {
    this.#results = results;
  }

  push(name: AssetName, asset: PushedAsset): void {
    this.#results.put(keyOf(name, asset.digest.function), Buffer.from(JSON.stringify(asset)));
  }

  /** Where it was pushed by several functions, the one that is named first. */
  find(name: AssetName, functions: readonly DigestFunctionName[], nowMs: number): PushedAsset | undefined {
    for (const each of functions) {
      const key = keyOf(name, each);
      const found = this.#results.get(key);
      if (found === undefined) continue;
      const asset = JSON.parse(Buffer.from(found).toString()) as PushedAsset;
      if (asset.expiresMs === undefined || asset.expiresMs > nowMs) return asset;
      this.#results.remove(key);
    }
    return undefined;
  }
}

/** Headers are how somebody asks, and not what for; and they may be secrets. */
export function isSecretQualifier({ name }: Qualifier): boolean {
  return /^http_header(?:_url)?:|^bazel\.auth_headers$/.test(name);
}

function keyOf({ kind, uri, qualifiers }: AssetName, functionName: DigestFunctionName): ActionKey {
  const named = qualifiers.filter((qualifier) => !isSecretQualifier(qualifier));
  const question = {
    kind,
    uri,
    qualifiers: Object.fromEntries(named.map(({ name, value }) => [name, value])),
  };
  return { function: functionName, action: digestOf(canonicalJson(question)), identity: 'asset' };
}
