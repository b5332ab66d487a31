import { type ContentDigest, contentDigestOf } from '../content-digest.ts';

/** What a ByteStream is about. */
export interface Resource {
  /** May hold slashes; empty where there is none. */
  readonly instance: string;
  readonly digest: ContentDigest;
  readonly compressor: 'identity' | 'zstd';
}

export interface UploadResource extends Resource {
  /** Chosen by the client, so that it can go on with an upload that was cut. */
  readonly upload: string;
}

export type ParsedName<T> =
  | { readonly ok: true; readonly value: T }
  /** Why it is none, as a phrase. */
  | { readonly ok: false; readonly fault: string };

const longestName = 4096;

/** `[INSTANCE/](blobs|compressed-blobs/zstd)/[blake3/]HASH/SIZE`, and anything behind it. */
export function parseReadName(name: string): ParsedName<Resource> {
  const segments = segmentsOf(name);
  if (typeof segments === 'string') return { ok: false, fault: segments };
  const at = segments.findIndex(isBlobs);
  if (at < 0) return { ok: false, fault: "it has neither 'blobs' nor 'compressed-blobs'" };
  return parseBlob(segments.slice(0, at), segments.slice(at));
}

/** `[INSTANCE/]uploads/ID/(blobs|compressed-blobs/zstd)/[blake3/]HASH/SIZE`, and anything behind it. */
export function parseUploadName(name: string): ParsedName<UploadResource> {
  const segments = segmentsOf(name);
  if (typeof segments === 'string') return { ok: false, fault: segments };
  const at = segments.indexOf('uploads');
  if (at < 0) return { ok: false, fault: "it has no 'uploads'" };
  const upload = segments[at + 1];
  if (upload === undefined || upload === '') return { ok: false, fault: "no id is behind 'uploads'" };
  const blob = parseBlob(segments.slice(0, at), segments.slice(at + 2));
  return blob.ok ? { ok: true, value: { ...blob.value, upload } } : blob;
}

/** The name for reading what a digest names. */
export function readNameOf(digest: ContentDigest, compressor: Resource['compressor'] = 'identity'): string {
  return blobSegments(digest, compressor);
}

export function uploadNameOf(
  upload: string,
  digest: ContentDigest,
  compressor: Resource['compressor'] = 'identity',
): string {
  return `uploads/${upload}/${blobSegments(digest, compressor)}`;
}

function blobSegments({ function: name, hash, size }: ContentDigest, compressor: string): string {
  const blobs = compressor === 'zstd' ? 'compressed-blobs/zstd' : 'blobs';
  return name === 'blake3' ? `${blobs}/blake3/${hash}/${size}` : `${blobs}/${hash}/${size}`;
}

function segmentsOf(name: string): string[] | string {
  if (name.length > longestName) return `it is longer than ${longestName} characters`;
  return name.split('/');
}

function isBlobs(segment: string): boolean {
  return segment === 'blobs' || segment === 'compressed-blobs';
}

function parseBlob(instance: readonly string[], segments: readonly string[]): ParsedName<Resource> {
  const [kind, ...rest] = segments;
  if (kind === 'blobs') return parseDigest(instance, rest, 'identity');
  if (kind !== 'compressed-blobs') return { ok: false, fault: "'blobs' or 'compressed-blobs' is expected" };
  const [compressor, ...digest] = rest;
  if (compressor !== 'zstd')
    return { ok: false, fault: `the compressor '${compressor ?? ''}' is not known: zstd is` };
  return parseDigest(instance, digest, compressor);
}

function parseDigest(
  instance: readonly string[],
  segments: readonly string[],
  compressor: Resource['compressor'],
): ParsedName<Resource> {
  const isBlake3 = segments[0] === 'blake3';
  const [hash = '', size = ''] = isBlake3 ? segments.slice(1) : segments;
  if (!/^\d{1,16}$/.test(size)) return { ok: false, fault: `'${size}' is no size` };
  const digest = contentDigestOf(isBlake3 ? 'blake3' : 'sha256', { hash, sizeBytes: BigInt(size) });
  if (digest === undefined)
    return {
      ok: false,
      fault: `'${hash}/${size}' is no digest: 64 lower-case hexadecimal digits and a size are`,
    };
  return { ok: true, value: { instance: instance.join('/'), digest, compressor } };
}
