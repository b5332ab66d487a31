import {
  create,
  type DescMessage,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';

/** Calls of gRPC with as little of a client as can be, so that what is measured is the server. */
export class Calls {
  readonly #session: ClientHttp2Session;

  constructor(session: ClientHttp2Session) {
    this.#session = session;
  }

  /** The answer of a unary method, or the last message of one that streams. @throws where the status is not OK. */
  async call<In extends DescMessage, Out extends DescMessage>(
    method: DescMethodUnary<In, Out> | DescMethodServerStreaming<In, Out>,
    request: MessageInitShape<In>,
  ): Promise<MessageShape<Out>> {
    const body = toBinary(method.input, create(method.input, request));
    const [last] = (await this.callBytes(`/${method.parent.typeName}/${method.name}`, body)).slice(-1);
    if (last === undefined) throw new Error(`${method.name} was answered with nothing`);
    return fromBinary(method.output, last);
  }

  /** The messages of the answer, with the request and them encoded. */
  async callBytes(path: string, message: Uint8Array): Promise<readonly Uint8Array[]> {
    const stream = this.#session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.end(framed(message));
    return readAnswer(stream, path);
  }

  async close(): Promise<void> {
    const closed = once(this.#session, 'close');
    this.#session.close();
    await closed;
  }
}

export async function openCalls(address: string): Promise<Calls> {
  const session = connect(`http://${address}`, { settings: { initialWindowSize: 8 * 1024 * 1024 } });
  await once(session, 'connect');
  session.setLocalWindowSize(8 * 1024 * 1024);
  return new Calls(session);
}

/** A message behind its five bytes: not compressed, and so long. */
function framed(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

async function readAnswer(stream: ClientHttp2Stream, path: string): Promise<readonly Uint8Array[]> {
  const chunks: Buffer[] = [];
  let status: unknown;
  stream.on('response', (headers) => (status = headers['grpc-status'] ?? status));
  stream.on('trailers', (trailers) => (status = trailers['grpc-status'] ?? status));
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(stream, 'close');
  if (status !== '0') throw new Error(`${path} ended with status ${String(status)}`);
  return messagesOf(Buffer.concat(chunks));
}

function messagesOf(bytes: Buffer): readonly Uint8Array[] {
  const messages: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 5 + bytes.readUInt32BE(at + 1);
    messages.push(bytes.subarray(at + 5, end));
    at = end;
  }
  return messages;
}
