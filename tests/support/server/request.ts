import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** A request as handlers and faults see it. */
export interface ServedRequest {
  readonly method: string;
  /** The path, percent-decoded, without the query. */
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The command of a request of git's protocol version 2. */
  readonly command?: 'ls-refs' | 'fetch' | 'object-info';
  /** Whether a `fetch` asks for a filter, such as `blob:none`. */
  readonly filter?: boolean;
  /** The objects that a `fetch` wants. */
  readonly wants?: readonly string[];
}

/** More than any request of git for the repositories of tests. */
const bodyLimitBytes = 16 * 2 ** 20;

/** Reads a request to its end. */
export async function readRequest(incoming: IncomingMessage): Promise<ServedRequest> {
  const url = new URL(incoming.url ?? '/', 'http://host');
  const body = await readBody(incoming);
  return {
    method: incoming.method ?? 'GET',
    path: decodeURIComponent(url.pathname),
    query: url.search.slice(1),
    headers: incoming.headers,
    body,
    ...(url.pathname.endsWith('/git-upload-pack') ? describeCommand(incoming, body) : {}),
  };
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bodyLimitBytes) throw new Error(`a request of more than ${bodyLimitBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function describeCommand(
  incoming: IncomingMessage,
  body: Buffer,
): Partial<Pick<ServedRequest, 'command' | 'filter' | 'wants'>> {
  const lines = packetLines(incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
  const command = lines.find((line) => line.startsWith('command='))?.slice('command='.length);
  if (command === 'ls-refs' || command === 'object-info') return { command };
  if (command !== 'fetch') return {};
  return {
    command,
    filter: lines.some((line) => line.startsWith('filter ')),
    wants: lines.filter((line) => line.startsWith('want ')).map((line) => line.slice('want '.length)),
  };
}

/** The lines of git's packet format; delimiters, which have lengths below four, carry nothing. */
function packetLines(body: Buffer): readonly string[] {
  const lines: string[] = [];
  for (let offset = 0; offset + 4 <= body.length;) {
    const length = Number.parseInt(body.toString('latin1', offset, offset + 4), 16);
    if (Number.isNaN(length)) return lines;
    if (length > 4) lines.push(body.toString('utf8', offset + 4, offset + length).replace(/\n$/, ''));
    offset += Math.max(length, 4);
  }
  return lines;
}
