import { createHash } from 'node:crypto';
import path from 'node:path';
import { readIfThere, textAnswer, type Answer } from './answer.ts';
import type { ServedRequest } from './request.ts';

const prefix = '/files/';

export function isFilePath(requestPath: string): boolean {
  return requestPath.startsWith(prefix);
}

/** Answers with a file of the folder, and the hash of its bytes as a strong entity tag. */
export async function answerWithFile(folder: string, request: ServedRequest): Promise<Answer> {
  const place = path.join(folder, request.path.slice(prefix.length));
  const body = place.startsWith(folder + path.sep) ? await readIfThere(place) : undefined;
  if (body === undefined) return textAnswer(404, 'Not Found');
  const etag = `"${createHash('sha256').update(body).digest('hex')}"`;
  if (request.headers['if-none-match'] === etag) return { status: 304, headers: { etag } };
  return { status: 200, headers: { 'content-type': 'application/octet-stream', etag }, body };
}
