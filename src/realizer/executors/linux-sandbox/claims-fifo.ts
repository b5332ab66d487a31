import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { LineSplitter } from '../lines.ts';

/**
 * The FIFO into which a program writes its claims. It is open for both directions on this side, so that neither a program that
 * never opens it nor one that closes it again makes anyone wait or misses anything.
 */
export class ClaimsFifo {
  readonly #socket: Socket;
  readonly #drain: number;
  readonly #lines: LineSplitter;

  private constructor(file: string, onLine: (line: string) => void) {
    const descriptor = openSync(file, constants.O_RDWR | constants.O_NONBLOCK);
    this.#drain = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    this.#lines = new LineSplitter(onLine);
    this.#socket = new Socket({ fd: descriptor, readable: true, writable: false });
    this.#socket.on('data', (piece: Buffer) => this.#lines.write(piece));
  }

  /** Makes the FIFO `fix` in the working folder. */
  static async make(workingFolder: string, onLine: (line: string) => void): Promise<ClaimsFifo> {
    const file = path.join(workingFolder, 'fix');
    await promisify(execFile)('mkfifo', ['-m', '0600', file]);
    return new ClaimsFifo(file, onLine);
  }

  /** Reads what is left after the program's end. */
  drain(): void {
    this.#socket.pause();
    const piece = Buffer.allocUnsafe(65_536);
    for (let length = this.#readNow(piece); length > 0; length = this.#readNow(piece)) {
      this.#lines.write(piece.subarray(0, length));
    }
  }

  /** Hands on what stands behind the last line end: of a program that ended well, it is a line like the others. */
  end(): void {
    this.#lines.end();
  }

  close(): void {
    this.#socket.destroy();
    closeSync(this.#drain);
  }

  #readNow(target: Buffer): number {
    try {
      return readSync(this.#drain, target);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return 0;
      throw error;
    }
  }
}
