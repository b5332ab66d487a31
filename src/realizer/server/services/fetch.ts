import { create } from '@bufbuild/protobuf';
import { type Duration, type Timestamp, timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import {
  BadRequestSchema,
  type Fetch,
  type FetchBlobRequest,
  type FetchDirectoryRequest,
  type Qualifier,
  type Status,
  digestFunctionOf,
  digestFunctionValue,
  messageDigestOf,
} from '../../protocol/index.ts';
import { type AssetKind, isFetched } from '../assets/asset-derivation.ts';
import type { AskedAsset, AssetFetcher, AssetRequest, AssetResult } from '../assets/asset-fetcher.ts';
import { statusOf } from '../assets/failure-status.ts';
import { readQualifiers } from '../assets/qualifiers.ts';
import { clientOf } from '../access/client-context.ts';
import type { Observe } from '../operations/server-event.ts';

export interface FetchServiceOptions {
  readonly fetcher: AssetFetcher;
  readonly observe: Observe;
}

const urisLimit = 64;
const uriLengthLimit = 8192;
/** Longer than anybody waits for a download. */
const timeoutLimitMs = 24 * 3_600_000;

/** Brings what lies at an address into the content-addressable storage. */
export function fetchService(options: FetchServiceOptions): ServiceImpl<typeof Fetch> {
  return {
    async fetchBlob(request, context) {
      const { digest, ...answer } = await answerTo('blob', request, context, options);
      return { ...answer, ...(digest && { blobDigest: digest }) };
    },
    async fetchDirectory(request, context) {
      const { digest, ...answer } = await answerTo('directory', request, context, options);
      return { ...answer, ...(digest && { rootDirectoryDigest: digest }) };
    },
  };
}

interface Answer {
  readonly status?: Status;
  readonly uri: string;
  readonly qualifiers: Qualifier[];
  readonly expiresAt?: Timestamp;
  readonly digest?: ReturnType<typeof messageDigestOf>;
  readonly digestFunction: FetchBlobRequest['digestFunction'];
}

async function answerTo(
  kind: AssetKind,
  message: FetchBlobRequest | FetchDirectoryRequest,
  context: HandlerContext,
  { fetcher, observe }: FetchServiceOptions,
): Promise<Answer> {
  const asked = readAsked(kind, message);
  const client = clientOf(context).name;
  const timeoutMs = message.timeout && millisecondsOf(message.timeout);
  const result =
    (await fetcher.findPushed(asked)) ??
    (await withTimeout(context.signal, timeoutMs, asked.uris[0] as string, (signal) =>
      fetcher.fetch(understood(asked), { client, signal }),
    ));
  const how = result.outcome === 'found' ? result.how : 'failed';
  observe({ type: 'asset-fetched', client, uri: shownUri(result.uri), how });
  const digestFunction = digestFunctionValue(asked.digestFunction);
  if (result.outcome === 'failed')
    return { status: result.status, uri: result.uri, qualifiers: [], digestFunction };
  const { uri, qualifiers, digest, expiresMs } = result;
  return {
    uri,
    qualifiers: [...qualifiers],
    digest: messageDigestOf(digest),
    digestFunction,
    ...(expiresMs !== undefined && { expiresAt: timestampFromMs(expiresMs) }),
  };
}

function readAsked(kind: AssetKind, message: FetchBlobRequest | FetchDirectoryRequest): AskedAsset {
  const { uris, qualifiers, oldestContentAccepted } = message;
  checkUris(uris);
  checkQualifiers(qualifiers);
  const digestFunction = digestFunctionOf(message.digestFunction);
  if (digestFunction === undefined) throw invalid('this realizer has digests of SHA-256 and BLAKE3 only');
  const oldestMs = oldestContentAccepted === undefined ? 0 : timestampMs(oldestContentAccepted);
  return { kind, uris, qualifiers, digestFunction, oldestMs };
}

/** What could only have been pushed is not there, whatever its qualifiers mean; what is fetched has to match all of them. */
function understood(asked: AskedAsset): AssetRequest {
  const { uris, qualifiers } = asked;
  const read = readQualifiers(uris.some(isFetched) ? qualifiers : [], uris);
  if (!read.ok) throw invalid(read.fault, read.unsupported);
  return { ...asked, understood: read.value };
}

/** @throws ConnectError where one is there twice. */
export function checkQualifiers(qualifiers: readonly Qualifier[]): void {
  if (new Set(qualifiers.map(({ name }) => name)).size < qualifiers.length)
    throw invalid('a qualifier is there twice');
}

/** @throws ConnectError where they are none, too many or too long. */
export function checkUris(uris: readonly string[]): void {
  if (uris.length === 0) throw invalid('the request names no uri');
  if (uris.length > urisLimit) throw invalid(`the request names more than ${urisLimit} uris`);
  if (uris.some((uri) => uri.length > uriLengthLimit))
    throw invalid(`a uri is longer than ${uriLengthLimit} characters`);
}

/** The API has a word for each qualifier that is not known. */
export function invalid(fault: string, unsupported: readonly string[] = []): ConnectError {
  const violations = unsupported.map((name) => ({
    field: 'qualifiers.name',
    description: `"${name}" not supported`,
  }));
  const details =
    violations.length === 0
      ? []
      : [{ desc: BadRequestSchema, value: create(BadRequestSchema, { fieldViolations: violations }) }];
  return new ConnectError(fault, Code.InvalidArgument, undefined, details);
}

/**
 * Gives up when the time is over. Where a client has set one, the work goes on until then though its call has ended: the next call finds it
 * done.
 */
async function withTimeout(
  call: AbortSignal,
  timeoutMs: number | undefined,
  uri: string,
  work: (signal: AbortSignal) => Promise<AssetResult>,
): Promise<AssetResult> {
  if (timeoutMs === undefined) return await work(call);
  const timeout = AbortSignal.timeout(Math.ceil(Math.min(Math.max(0, timeoutMs), timeoutLimitMs)));
  const working = work(timeout).catch((error: unknown): AssetResult => {
    if (!timeout.aborted) throw error;
    const message = `'${shownUri(uri)}' was not fetched within ${timeoutMs / 1000} seconds`;
    return { outcome: 'failed', uri, status: statusOf(Code.DeadlineExceeded, message) };
  });
  const { promise: gone, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(call.reason as Error);
  call.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([working, gone]);
  } finally {
    call.removeEventListener('abort', giveUp);
    // Whoever has gone does not hear of what became of it.
    working.catch(() => {});
  }
}

function millisecondsOf({ seconds, nanos }: Duration): number {
  const duration = Number(seconds) * 1000 + nanos / 1e6;
  if (duration <= 0) throw invalid('the timeout has to be longer than nothing');
  return duration;
}

/** For the log: without what may be a secret in it. */
function shownUri(uri: string): string {
  const url = URL.parse(uri);
  if (url === null) return uri.slice(0, 200);
  url.username = url.password = url.search = url.hash = '';
  return url.href.slice(0, 200);
}
