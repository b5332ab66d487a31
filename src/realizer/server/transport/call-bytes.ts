import type { ServerHttp2Stream } from 'node:http2';

/** What a call has carried, in bytes: frames of messages, without headers and encryption. */
export interface CallBytes {
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/**
 * Counts what a call carries. Node counts that of connections only, so the two doors through which all of a stream goes are watched: it
 * costs an addition for each piece, whoever serves the call and however.
 */
export function countBytes(stream: ServerHttp2Stream): () => CallBytes {
  // What has come already waits to be read.
  let [bytesIn, bytesOut] = [stream.readableLength, 0];
  const push = stream.push.bind(stream);
  const write = stream._write.bind(stream);
  const writeMany = stream._writev?.bind(stream);
  stream.push = (chunk: Uint8Array | null, ...rest: []) => {
    bytesIn += chunk?.length ?? 0;
    return push(chunk, ...rest);
  };
  stream._write = (chunk: Uint8Array, ...rest) => {
    bytesOut += chunk.length;
    write(chunk, ...rest);
  };
  stream._writev = (chunks, ...rest) => {
    for (const { chunk } of chunks) bytesOut += (chunk as Uint8Array).length;
    writeMany?.(chunks, ...rest);
  };
  return () => ({ bytesIn, bytesOut });
}
