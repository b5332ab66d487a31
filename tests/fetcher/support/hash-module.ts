import { compileProgram } from '../../../scripts/programs.ts';

export type HashName = 'sha1' | 'sha256' | 'sha512' | 'blake3';

/** What tests/fetcher/programs/hashes.ts exports. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly allocate: (size: number) => number;
  readonly isAttack: (block: number, states: number, after: number) => number;
  readonly mark: () => number;
  readonly lengthSince: (start: number) => number;
  readonly appendBase64: (bytes: number, count: number) => void;
  readonly appendBase32: (bytes: number, count: number) => void;
  readonly beginHash: (state: number, kind: number) => void;
  readonly updateHash: (state: number, bytes: number, length: number) => void;
  readonly endHash: (state: number, digest: number) => void;
  readonly blake3Begin: () => void;
  readonly blake3Update: (bytes: number, length: number) => void;
  readonly blake3End: (digest: number) => void;
  readonly [name: string]: unknown;
}

/** The kinds of message.ts. */
const kinds = { sha1: 0, sha256: 1, sha512: 2 } as const;
const STATE_BYTES = 208;
const ROOM_BYTES = 1 << 20;
const digestBytes = { sha1: 20, sha256: 32, sha512: 64, blake3: 32 } as const;

/** Thrown where the program would end, with its exit code and the line it wrote. */
export class ProgramEnd extends Error {
  readonly exitCode: number;
  constructor(exitCode: number, line: string) {
    super(line.trimEnd());
    this.exitCode = exitCode;
  }
}

/** The fetcher's hashes, compiled alone. */
export class HashModule {
  readonly exports: Exports;
  readonly room: number;
  readonly #digest: number;

  private constructor(exports: Exports) {
    this.exports = exports;
    (this.exports['_start'] as () => void)();
    this.room = this.exports.allocate(ROOM_BYTES);
    this.#digest = this.exports.allocate(64);
  }

  static async compile(): Promise<HashModule> {
    const program = { name: 'hashes', entry: 'tests/fetcher/programs/hashes.ts' };
    let line = '';
    const functions: Record<string, (...values: number[]) => number> = {
      fd_write: (_descriptor, vectors = 0) => {
        line = lineAt(instance.exports['memory'] as WebAssembly.Memory, vectors);
        return 0;
      },
      proc_exit: (code = 0) => {
        throw new ProgramEnd(code, line);
      },
    };
    const module = await WebAssembly.compile(new Uint8Array(await compileProgram(program)));
    const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: functions });
    return new HashModule(instance.exports as unknown as Exports);
  }

  put(bytes: Uint8Array, at = this.room): void {
    new Uint8Array(this.exports.memory.buffer).set(bytes, at);
  }

  read(at: number, length: number): Buffer {
    return Buffer.from(this.exports.memory.buffer.slice(at, at + length));
  }

  /** Begins a message; pieces of at most a mebibyte follow. BLAKE3 has one message at a time. */
  begin(name: HashName): { readonly update: (piece: Uint8Array) => void; readonly end: () => Buffer } {
    const { allocate, beginHash, updateHash, endHash, blake3Begin, blake3Update, blake3End } = this.exports;
    const state = allocate(STATE_BYTES);
    if (name === 'blake3') blake3Begin();
    else beginHash(state, kinds[name]);
    return {
      update: (piece) => {
        this.put(piece);
        if (name === 'blake3') blake3Update(this.room, piece.length);
        else updateHash(state, this.room, piece.length);
      },
      end: () => {
        if (name === 'blake3') blake3End(this.#digest);
        else endHash(state, this.#digest);
        return this.read(this.#digest, digestBytes[name]);
      },
    };
  }
}

function lineAt({ buffer }: WebAssembly.Memory, vectors: number): string {
  const view = new DataView(buffer);
  const start = view.getUint32(vectors, true);
  return Buffer.from(buffer.slice(start, start + view.getUint32(vectors + 4, true))).toString();
}
