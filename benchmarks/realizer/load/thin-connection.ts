import { once } from 'node:events';
import { type Socket, connect } from 'node:net';

const frameHead = 9;
const types = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goAway: 7, windowUpdate: 8 } as const;
/** Of data and headers: behind it nothing comes. */
const endOfStream = 1;
const endOfHeaders = 4;
const acknowledged = 1;
/** Behind the length of a message, and the mark whether it is compressed. */
const messageHead = 5;

/** What `grpc-status: 0` is in headers that refer to no table: as it reads, or its name in Huffman's code. */
const fine: readonly Buffer[] = [
  Buffer.from('\u000bgrpc-status\u00010', 'latin1'),
  Buffer.from('889acac8b21234da8f0130', 'hex'),
];

interface Waiting {
  readonly resolve: (message: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A connection of HTTP/2 that makes one call of gRPC at a time, by frames that are written beforehand: two hundred clients
 * of Node's own would take more of a processor than what answers them.
 */
export class ThinConnection {
  readonly #socket: Socket;
  #left: Buffer = Buffer.alloc(0);
  #stream = -1;
  #body: Buffer | undefined;
  #waiting: Waiting | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Settles when the server has said how it wants to be spoken to. */
  static async open(address: string): Promise<ThinConnection> {
    const [host = '', port] = address.split(':');
    const socket = connect(Number(port), host).setNoDelay();
    const connection = new ThinConnection(socket);
    const greeted = new Promise<Buffer>((resolve, reject) => (connection.#waiting = { resolve, reject }));
    socket.on('data', (chunk) => connection.#take(chunk as Buffer));
    socket.on('error', (error) => connection.#waiting?.reject(error));
    socket.on('close', () => connection.#waiting?.reject(new Error('the server has closed the connection')));
    socket.write(greeting);
    await greeted;
    return connection;
  }

  /** The message that answers a call. @throws where it does not end well */
  call(request: Buffer): Promise<Buffer> {
    this.#stream += 2;
    const [headers, data] = [0, frameHead + request.readUIntBE(0, 3)];
    for (const frame of [headers, data]) request.writeUInt32BE(this.#stream, frame + 5);
    this.#body = undefined;
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      // The bytes of a request are used for the next one too.
      this.#socket.write(Buffer.from(request));
    });
  }

  async close(): Promise<void> {
    this.#waiting = undefined;
    this.#socket.destroy();
    if (!this.#socket.closed) await once(this.#socket, 'close');
  }

  #take(chunk: Buffer): void {
    const bytes = this.#left.length === 0 ? chunk : Buffer.concat([this.#left, chunk]);
    let at = 0;
    while (at + frameHead <= bytes.length) {
      const end = at + frameHead + bytes.readUIntBE(at, 3);
      if (end > bytes.length) break;
      this.#takeFrame(bytes[at + 3] as number, bytes[at + 4] as number, bytes.subarray(at + frameHead, end));
      at = end;
    }
    this.#left = bytes.subarray(at);
  }

  #takeFrame(type: number, flags: number, content: Buffer): void {
    if (type === types.data) this.#body = this.#body ? Buffer.concat([this.#body, content]) : content;
    else if (type === types.headers && (flags & endOfStream) !== 0) this.#end(content);
    else if (type === types.settings && (flags & acknowledged) === 0) this.#greet();
    else if (type === types.ping && (flags & acknowledged) === 0)
      this.#socket.write(frame(types.ping, acknowledged, content));
    else if (type === types.reset || type === types.goAway)
      this.#waiting?.reject(new Error(`the server has ended the call (${content.toString('hex')})`));
  }

  #greet(): void {
    this.#socket.write(frame(types.settings, acknowledged, Buffer.alloc(0)));
    this.#waiting?.resolve(Buffer.alloc(0));
  }

  #end(trailers: Buffer): void {
    const isFine = fine.some((status) => trailers.includes(status));
    if (isFine && this.#body !== undefined) this.#waiting?.resolve(this.#body.subarray(messageHead));
    else this.#waiting?.reject(new Error(`a call has failed: ${trailers.toString('latin1')}`));
  }
}

/** The frames of a call, but for the number of its stream. */
export function requestOf(address: string, path: string, message: Uint8Array): Buffer {
  const headers = Buffer.concat([
    Buffer.from([0x83, 0x86]), // The method POST and the scheme http, by the numbers of HPACK's own table.
    literal([0x04], path),
    literal([0x01], address),
    literal([0x0f, 0x10], 'application/grpc'),
    literal([0x00, 2, ...Buffer.from('te')], 'trailers'),
  ]);
  const body = Buffer.alloc(messageHead + message.length);
  body.writeUInt32BE(message.length, 1);
  body.set(message, messageHead);
  return Buffer.concat([frame(types.headers, endOfHeaders, headers), frame(types.data, endOfStream, body)]);
}

/** A header that nobody is to remember: its name or the number of it, and its value as it reads. */
function literal(name: readonly number[], value: string): Buffer {
  return Buffer.from([...name, value.length, ...Buffer.from(value)]);
}

function frame(type: number, flags: number, content: Buffer): Buffer {
  const head = Buffer.alloc(frameHead);
  head.writeUIntBE(content.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  return Buffer.concat([head, content]);
}

/** No table of headers and no pushing; as much as comes may come. */
const greeting = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  frame(types.settings, 0, Buffer.from('000100000000000200000000000400800000', 'hex')),
  frame(types.windowUpdate, 0, Buffer.from('007f0000', 'hex')),
]);
