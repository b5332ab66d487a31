import { createHash } from 'node:crypto';
import { type Json, type StorePath, canonicalJson, isTurnOver, nextTurn } from '../../foundation/index.ts';
import { inPieces } from '../pieces.ts';
import type { OutputRecord } from '../records.ts';
import { type ImagePlatform, imageConfiguration, imageName } from './configuration.ts';
import { type LayerSource, layerContent } from './layer.ts';
import { spreadOverLayers } from './layers.ts';
import { tarEnd, tarHeader, tarPadding } from './tar.ts';

/** A blob of the image: what it is, how it is named, and its content as often as it is asked for. */
interface Blob {
  readonly mediaType: string;
  readonly sha256: string;
  readonly size: number;
  readonly content: () => Iterable<Uint8Array>;
}

const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  configuration: 'application/vnd.oci.image.config.v1+json',
  // Not compressed: what deflate makes of it differs from processor to processor, and whoever uploads it compresses it.
  layer: 'application/vnd.oci.image.layer.v1.tar',
} as const;

const tag = 'latest';

/**
 * A closure as a container image: a layout of the OCI image specification in a tar archive, piece by piece. It follows from the
 * outputs, which of them were asked for, in their order, and the platform.
 *
 * Layers are named by their digests, and so are made twice: once to hash them, once to write them.
 *
 * @throws DiagnosticError CAB5003 where a blob is damaged.
 */
export async function* ociImage(
  closure: readonly OutputRecord[],
  asked: readonly StorePath[],
  source: LayerSource,
  platform: ImagePlatform,
): AsyncGenerator<Uint8Array> {
  const layers: Blob[] = [];
  for (const outputs of spreadOverLayers(closure, new Set(asked))) {
    layers.push(await blobOf(mediaTypes.layer, () => layerContent(outputs, source)));
  }
  const records = asked.flatMap((path) => closure.find((output) => output.path === path) ?? []);
  const ids = layers.map(({ sha256 }) => `sha256:${sha256}`);
  const json = imageConfiguration(records, platform, ids, source.readTree);
  const configuration = await jsonBlob(mediaTypes.configuration, json);
  const manifest = await jsonBlob(mediaTypes.manifest, {
    config: descriptorOf(configuration),
    layers: layers.map(descriptorOf),
    mediaType: mediaTypes.manifest,
    schemaVersion: 2,
  });
  const name = imageName(asked[0] as StorePath);
  const files = [
    ...[...layers, configuration, manifest].map((blob) => ({ ...blob, name: blobPath(blob) })),
    { ...(await jsonBlob('', indexOf(manifest, platform, name))), name: 'index.json' },
    { ...(await jsonBlob('', dockerManifest(configuration, layers, name))), name: 'manifest.json' },
    { ...(await jsonBlob('', { imageLayoutVersion: '1.0.0' })), name: 'oci-layout' },
  ];
  yield* inPieces(archiveOf(files.toSorted((a, b) => (a.name < b.name ? -1 : 1))));
}

function* archiveOf(files: readonly (Blob & { readonly name: string })[]): Generator<Uint8Array> {
  for (const path of ['blobs/', 'blobs/sha256/']) yield tarHeader({ path, type: 'directory', mode: 0o755 });
  for (const { name, size, content } of files) {
    yield tarHeader({ path: name, type: 'file', mode: 0o644, size });
    yield* content();
    yield tarPadding(size);
  }
  yield tarEnd;
}

async function blobOf(mediaType: string, content: () => Iterable<Uint8Array>): Promise<Blob> {
  const hash = createHash('sha256');
  let size = 0;
  for (const part of content()) {
    hash.update(part);
    size += part.length;
    if (isTurnOver()) await nextTurn();
  }
  return { mediaType, sha256: hash.digest('hex'), size, content };
}

function jsonBlob(mediaType: string, value: Json): Promise<Blob> {
  const bytes = Buffer.from(canonicalJson(value));
  return blobOf(mediaType, () => [bytes]);
}

function blobPath({ sha256 }: Blob): string {
  return `blobs/sha256/${sha256}`;
}

function descriptorOf({ mediaType, sha256, size }: Blob): { readonly [key: string]: Json } {
  return { digest: `sha256:${sha256}`, mediaType, size };
}

function indexOf(manifest: Blob, { os, architecture, variant }: ImagePlatform, name: string): Json {
  const annotations = {
    'io.containerd.image.name': `docker.io/library/${name}:${tag}`,
    'org.opencontainers.image.ref.name': tag,
  };
  const platform = { architecture, os, ...(variant === undefined ? {} : { variant }) };
  return {
    manifests: [{ ...descriptorOf(manifest), annotations, platform }],
    mediaType: mediaTypes.index,
    schemaVersion: 2,
  };
}

/** What `docker load` reads where it does not know layouts: since layers are not compressed, the same blobs serve it. */
function dockerManifest(configuration: Blob, layers: readonly Blob[], name: string): Json {
  return [{ Config: blobPath(configuration), Layers: layers.map(blobPath), RepoTags: [`${name}:${tag}`] }];
}
