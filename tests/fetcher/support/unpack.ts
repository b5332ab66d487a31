import { readFileSync } from 'node:fs';
import { pathOfProgram, programs } from '../../../scripts/programs.ts';

const program = programs.find(({ name }) => name === 'unpack');
if (program === undefined) throw new Error('there is no program unpack');

/** Where unpack.wasm lies. */
export const unpackFile = pathOfProgram(program);

const module = await WebAssembly.compile(Uint8Array.from(readFileSync(unpackFile)));

/** What a run came to. */
export interface Unpacked {
  readonly code: number;
  readonly output: Buffer;
  readonly error: string;
  /** The memory that it had in the end, in bytes. */
  readonly memory: number;
}

export interface UnpackOptions {
  /** How many bytes one read gives at most. */
  readonly readLength?: number;
  /** More output than this ends it. */
  readonly outputLimit?: number;
}

class Exit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit code ${code}`);
    this.code = code;
  }
}

/** Runs unpack.wasm with no more of a host than it asks for. */
export function unpack(input: Uint8Array, options: UnpackOptions = {}): Unpacked {
  const { readLength = 65_536, outputLimit = 1 << 28 } = options;
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  let position = 0;
  let written = 0;
  let memory: WebAssembly.Memory | undefined;

  function place(vector: number): Uint8Array {
    const view = new DataView((memory as WebAssembly.Memory).buffer);
    return new Uint8Array(view.buffer, view.getUint32(vector, true), view.getUint32(vector + 4, true));
  }

  function answer(pointer: number, length: number): number {
    new DataView((memory as WebAssembly.Memory).buffer).setUint32(pointer, length, true);
    return 0;
  }

  const host = {
    fd_read(_descriptor: number, vectors: number, _count: number, result: number): number {
      const piece = input.subarray(position, position + Math.min(place(vectors).length, readLength));
      place(vectors).set(piece);
      position += piece.length;
      return answer(result, piece.length);
    },
    fd_write(descriptor: number, vectors: number, _count: number, result: number): number {
      const piece = Buffer.from(place(vectors));
      written += piece.length;
      if (written > outputLimit) throw new Exit(-1);
      (descriptor === 1 ? output : errors).push(piece);
      return answer(result, piece.length);
    },
    proc_exit(code: number): never {
      throw new Exit(code);
    },
  };
  const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: host });
  memory = instance.exports['memory'] as WebAssembly.Memory;
  let code = 0;
  try {
    (instance.exports['_start'] as () => void)();
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    code = error.code;
  }
  const error = Buffer.concat(errors).toString();
  return { code, output: Buffer.concat(output), error, memory: memory.buffer.byteLength };
}
