import { writeSync } from 'node:fs';

/** A piece of a file. More at once would not fit a processor's own memory, and take twice as long to read. */
export const pieceSize = 256 << 10;
const pieces = 8;

/** Where the pieces of a file go on their way to another one. */
export interface PieceWriter {
  /** Memory for the next piece of the file that is open for writing. */
  next(descriptor: number): Buffer;
  /** Has the piece that `next` gave written at its position. */
  send(length: number, position: number): void;
  /** Sees to it that all is written. @throws what kept a piece from being written. */
  finish(descriptor: number): void;
  /** Nothing is written any more once it returns. */
  close(): void;
}

/** Writes each piece at once. */
export class OwnWriter implements PieceWriter {
  readonly #piece = Buffer.allocUnsafeSlow(pieceSize);
  #descriptor = -1;

  next(descriptor: number): Buffer {
    this.#descriptor = descriptor;
    return this.#piece;
  }

  send(length: number, position: number): void {
    writePiece(this.#descriptor, this.#piece, length, position);
  }

  finish(): void {}

  close(): void {}
}

/** What becomes of a piece. Whoever takes a filled one first writes it. */
const state = { free: 0, filled: 1, taken: 2, failed: 3, closed: 4 } as const;

/** Each piece has its state, its length, and its position in the file, as a double. */
const headerLength = 16;
const contentStart = headerLength * pieces;

/**
 * The pieces of one file on their way to another, in memory that threads share: one thread fills them, and its helper writes
 * them. Where the helper is busy, or not there yet, the first thread writes them itself.
 */
export class Pipe implements PieceWriter {
  readonly #memory: SharedArrayBuffer;
  readonly #begin: ((memory: SharedArrayBuffer, descriptor: number) => void) | undefined;
  readonly #header: Int32Array;
  readonly #positions: Float64Array;
  readonly #content: Buffer;
  #next = 0;
  #isBegun = false;

  /** `begin` tells the helper of the pipe; the helper itself has the memory and no such function. */
  constructor(
    begin: ((memory: SharedArrayBuffer, descriptor: number) => void) | undefined,
    memory = new SharedArrayBuffer(contentStart + pieces * pieceSize),
  ) {
    this.#begin = begin;
    this.#memory = memory;
    this.#header = new Int32Array(memory, 0, contentStart / 4);
    this.#positions = new Float64Array(memory, 0, contentStart / 8);
    this.#content = Buffer.from(memory, contentStart);
  }

  next(descriptor: number): Buffer {
    if (!this.#isBegun) this.#begin?.(this.#memory, descriptor);
    this.#isBegun = true;
    this.#settle(this.#next, descriptor);
    return this.#piece(this.#next);
  }

  send(length: number, position: number): void {
    const piece = this.#next;
    this.#header[4 * piece + 1] = length;
    this.#positions[2 * piece + 1] = position;
    this.#set(piece, state.filled);
    this.#next = (piece + 1) % pieces;
  }

  finish(descriptor: number): void {
    for (let piece = 0; piece < pieces; piece++) this.#settle(piece, descriptor);
  }

  /** Lets the helper go. */
  close(): void {
    for (let piece = 0; piece < pieces; piece++) {
      for (let seen = this.#state(piece); seen !== state.closed; seen = this.#state(piece)) {
        if (seen === state.taken) Atomics.wait(this.#header, 4 * piece, seen);
        else if (this.#exchange(piece, seen, state.closed)) break;
      }
      Atomics.notify(this.#header, 4 * piece);
    }
  }

  /** The helper's side: writes pieces as they come until the pipe is closed. */
  writeAll(descriptor: number): void {
    for (let piece = 0; ; piece = (piece + 1) % pieces) {
      while (!this.#exchange(piece, state.filled, state.taken)) {
        const seen = this.#state(piece);
        if (seen === state.closed) return;
        if (seen !== state.filled) Atomics.wait(this.#header, 4 * piece, seen);
      }
      let outcome: number = state.failed;
      try {
        this.#write(piece, descriptor);
        outcome = state.free;
      } catch {
        // The thread that filled it tries it again, and meets the error where it belongs.
      }
      this.#set(piece, outcome);
    }
  }

  /** Sees to it that a piece is free. */
  #settle(piece: number, descriptor: number): void {
    for (let seen = this.#state(piece); seen !== state.free; seen = this.#state(piece)) {
      if (seen === state.taken) Atomics.wait(this.#header, 4 * piece, seen);
      else if (this.#exchange(piece, seen, state.taken)) this.#writeAgain(piece, descriptor);
    }
  }

  #writeAgain(piece: number, descriptor: number): void {
    try {
      this.#write(piece, descriptor);
    } finally {
      this.#set(piece, state.free);
    }
  }

  #write(piece: number, descriptor: number): void {
    const length = this.#header[4 * piece + 1] as number;
    writePiece(descriptor, this.#piece(piece), length, this.#positions[2 * piece + 1] as number);
  }

  #piece(piece: number): Buffer {
    return this.#content.subarray(pieceSize * piece, pieceSize * (piece + 1));
  }

  #state(piece: number): number {
    return Atomics.load(this.#header, 4 * piece);
  }

  #exchange(piece: number, from: number, to: number): boolean {
    return Atomics.compareExchange(this.#header, 4 * piece, from, to) === from;
  }

  #set(piece: number, value: number): void {
    Atomics.store(this.#header, 4 * piece, value);
    Atomics.notify(this.#header, 4 * piece);
  }
}

function writePiece(descriptor: number, content: Buffer, length: number, position: number): void {
  for (let written = 0; written < length;) {
    written += writeSync(descriptor, content, written, length - written, position + written);
  }
}
