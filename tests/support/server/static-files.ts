import { createHash } from 'node:crypto';
import path from 'node:path';
import { readIfThere, textAnswer, type Answer } from './answer.ts';
import type { ServedRequest } from './request.ts';

const prefix = '/files/';

export function isFilePath(requestPath: string): boolean {
  return requestPath.startsWith(prefix);
}

/** Answers with a file of the folder, or a part of it, and the hash of its bytes as a strong entity tag. */
export async function answerWithFile(folder: string, request: ServedRequest): Promise<Answer> {
  const place = path.join(folder, request.path.slice(prefix.length));
  const body = place.startsWith(folder + path.sep) ? await readFileOrIndex(place, request) : undefined;
  if (body === undefined) return textAnswer(404, 'Not Found');
  const etag = `"${createHash('sha256').update(body).digest('hex')}"`;
  if (request.headers['if-none-match'] === etag) return { status: 304, headers: { etag } };
  const headers = { 'content-type': 'application/octet-stream', 'accept-ranges': 'bytes', etag };
  const start = startOfPart(request, etag);
  if (start === undefined) return { status: 200, headers, body };
  const range = `${start < body.length ? `${start}-${body.length - 1}` : '*'}/${body.length}`;
  const partHeaders = { ...headers, 'content-range': `bytes ${range}` };
  return start < body.length
    ? { status: 206, headers: partHeaders, body: body.subarray(start) }
    : { status: 416, headers: partHeaders };
}

/** Of ranges only `bytes=N-` is known; the whole is the answer to any other, as it may be. */
function startOfPart({ headers }: ServedRequest, etag: string): number | undefined {
  if (headers['if-range'] !== undefined && headers['if-range'] !== etag) return undefined;
  const start = /^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1];
  return start === undefined ? undefined : Number(start);
}

/** A folder may have an index, in the form that the client would rather read. */
async function readFileOrIndex(place: string, request: ServedRequest): Promise<Buffer | undefined> {
  const form = String(request.headers.accept).includes('json') ? 'json' : 'html';
  return (
    (await readIfThere(place)) ??
    (await readIfThere(path.join(place, `index.${form}`))) ??
    (await readIfThere(path.join(place, 'index.html')))
  );
}
