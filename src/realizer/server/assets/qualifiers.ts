import type { Qualifier } from '../../protocol/index.ts';

/** What a client says of an asset besides its addresses, as far as this server knows what it means. */
export interface AssetQualifiers {
  /** Whether it was said to be a repository of git; undefined where nothing was said of its type. */
  readonly isGit: boolean | undefined;
  /** A digest in the form of Subresource Integrity, such as `sha256-…`; of several the strongest. */
  readonly integrity: string | undefined;
  readonly branch: string | undefined;
  readonly commit: string | undefined;
  /** A path within the tree, without slashes at its ends; empty where all of it is meant. */
  readonly directory: string;
  /** Headers of requests, which may be secrets: by the index of the address that they are for, or for all. */
  readonly headers: readonly AssetHeader[];
}

export interface AssetHeader {
  /** Undefined where it is for every address. */
  readonly uri: string | undefined;
  /** In lower case. */
  readonly name: string;
  readonly value: string;
}

export type QualifiersResult =
  | { readonly ok: true; readonly value: AssetQualifiers }
  /** What is wrong, and which names are not known. */
  | { readonly ok: false; readonly fault: string; readonly unsupported: readonly string[] };

const gitTypes: ReadonlySet<string> = new Set(['application/x-git']);
/** Types that say no more than the address does. */
const plainTypes: ReadonlySet<string> = new Set([
  '',
  'application/octet-stream',
  'application/gzip',
  'application/x-tar',
  'application/zip',
]);
const plainNames = ['resource_type', 'checksum.sri', 'vcs.branch', 'vcs.commit', 'directory'];
/** Bazel tells assets of one address apart by it; here an address is asked each time, or a checksum settles it. */
const idleNames: ReadonlySet<string> = new Set(['bazel.canonical_id']);
const authorizationName = 'bazel.auth_headers';

/** Reads the qualifiers of a request for these addresses. */
export function readQualifiers(qualifiers: readonly Qualifier[], uris: readonly string[]): QualifiersResult {
  const values = new Map(qualifiers.map(({ name, value }) => [name, value]));
  const headers: AssetHeader[] = [];
  const unsupported: string[] = [];
  for (const [name, value] of values) {
    if (plainNames.includes(name) || idleNames.has(name)) continue;
    const found = name === authorizationName ? headersOfJson(value) : headerOf(name, value, uris);
    if (found === undefined) unsupported.push(name);
    else if (typeof found === 'string') return refused(found);
    else headers.push(...found);
  }
  if (unsupported.length > 0) {
    const names = unsupported.map((name) => `'${name}'`).join(', ');
    return { ok: false, fault: `this realizer does not know what ${names} means`, unsupported };
  }
  const type = values.get('resource_type') ?? '';
  const isGit = gitTypes.has(type);
  if (!isGit && !plainTypes.has(type))
    return refused(`there is nothing here that fetches the resource_type '${type}'`);
  const directory = (values.get('directory') ?? '').replace(/^\.$|^(?:\.?\/)+|\/+$/g, '');
  const integrity = strongest(values.get('checksum.sri'));
  if (integrity === undefined && values.get('checksum.sri'))
    return refused(
      `'${values.get('checksum.sri')}' is no checksum of the form sha256-…, sha384-… or sha512-…`,
    );
  const [branch, commit] = [values.get('vcs.branch'), values.get('vcs.commit')];
  const parts = { integrity, branch: branch || undefined, commit: commit || undefined, directory, headers };
  return { ok: true, value: { isGit: isGit || (type === '' ? undefined : false), ...parts } };
}

/** Strongest first, with the lengths of their digests in bytes. */
const algorithms: readonly (readonly [string, number])[] = [
  ['sha512', 64],
  ['sha384', 48],
  ['sha256', 32],
  ['sha1', 20],
];

/** Of several digests with spaces between them, the strongest that is well formed; options behind `?` count for nothing. */
function strongest(text: string | undefined): string | undefined {
  const digests = (text ?? '').split(/\s+/).map((digest) => digest.split('?')[0] as string);
  for (const [algorithm, length] of algorithms) {
    const found = digests.find(
      (digest) => digest.startsWith(`${algorithm}-`) && bytesOf(digest)?.length === length,
    );
    if (found !== undefined) return `${algorithm}-${(bytesOf(found) as Buffer).toString('base64')}`;
  }
  return undefined;
}

function bytesOf(digest: string): Buffer | undefined {
  const [, base64] = /^sha[0-9]+-([A-Za-z0-9+/]+={0,2})$/.exec(digest) ?? [];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64');
}

/** `http_header:NAME` for all addresses, `http_header_url:INDEX:NAME` for one; undefined where it is neither, and else what is wrong. */
function headerOf(
  name: string,
  value: string,
  uris: readonly string[],
): readonly AssetHeader[] | string | undefined {
  const [, all] = /^http_header:(.*)$/.exec(name) ?? [];
  if (all !== undefined) return checkedHeader(undefined, all, value);
  const [, index, one] = /^http_header_url:([0-9]+):(.*)$/.exec(name) ?? [];
  if (index === undefined || one === undefined) return undefined;
  const uri = uris[Number(index)];
  return uri === undefined ? `'${name}' is for an address that is not there` : checkedHeader(uri, one, value);
}

function headersOfJson(text: string): readonly AssetHeader[] | string {
  const fault = `'${authorizationName}' is no JSON object of headers by address`;
  let byUri: unknown;
  try {
    byUri = JSON.parse(text);
  } catch {
    return fault;
  }
  if (typeof byUri !== 'object' || byUri === null) return fault;
  const headers: AssetHeader[] = [];
  for (const [uri, named] of Object.entries(byUri)) {
    if (typeof named !== 'object' || named === null) return fault;
    for (const [name, value] of Object.entries(named as object)) {
      const checked = checkedHeader(uri, name, String(Array.isArray(value) ? value.join(', ') : value));
      if (typeof checked === 'string') return checked;
      headers.push(...checked);
    }
  }
  return headers;
}

/** The value may be a secret, so no message holds it. */
function checkedHeader(
  uri: string | undefined,
  name: string,
  value: string,
): readonly AssetHeader[] | string {
  if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) return `a header cannot be called '${name}'`;
  if (!/^[\x20-\x7e\t]*$/.test(value))
    return `the value of the header '${name}' has characters that it must not have`;
  const lower = name.toLowerCase();
  if (ownHeaders.has(lower)) return `the header '${name}' cannot be chosen`;
  return [{ uri, name: lower, value }];
}

/** Headers that say where a request ends, or who it is for: they are the connection's own. */
const ownHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'proxy-authorization',
  'range',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

function refused(fault: string): QualifiersResult {
  return { ok: false, fault, unsupported: [] };
}
