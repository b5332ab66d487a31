import type { OutputStream } from './output-stream.ts';

/** The streams of programs that run, by names for ByteStream.Read. */
export interface LogStreams {
  /** All that the stream has had and will have, until its program ends; undefined where there is no stream of the name. */
  follow(name: string): AsyncIterable<Uint8Array> | undefined;
}

export class RunningStreams implements LogStreams {
  readonly #streams = new Map<string, OutputStream>();

  follow(name: string): AsyncIterable<Uint8Array> | undefined {
    return this.#streams.get(name)?.follow();
  }

  /** Lets a stream be followed until this is disposed of; whoever follows it then goes on to its end. */
  add(name: string, stream: OutputStream): Disposable {
    this.#streams.set(name, stream);
    return {
      [Symbol.dispose]: () => {
        stream.end();
        this.#streams.delete(name);
      },
    };
  }
}
