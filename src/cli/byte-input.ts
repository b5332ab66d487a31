import { createReadStream } from 'node:fs';
import path from 'node:path';
import { type Readable, addAbortSignal } from 'node:stream';
import type { CommandContext } from './command.ts';
import { isTerminal } from './is-terminal.ts';
import { UsageError } from './options.ts';
import { unreadable } from './unreadable.ts';

/** How much of a file is read at once, in bytes. */
const chunkSize = 256 << 10;

/**
 * The bytes of a file, or of the standard input where none is named.
 *
 * @throws UsageError where the standard input is a terminal, DiagnosticError CAB6022 where it cannot be read.
 */
export async function* readBytes(
  { folder, signal }: CommandContext,
  file: string | undefined,
): AsyncGenerator<Uint8Array> {
  const name = file === undefined ? 'the standard input' : `the file '${file}'`;
  try {
    yield* openBytes(folder, file, signal) as AsyncIterable<Uint8Array>;
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    throw syscall === undefined ? error : unreadable(name, code, error);
  }
}

function openBytes(folder: string, file: string | undefined, signal: AbortSignal): Readable {
  if (file !== undefined) {
    return createReadStream(path.resolve(folder, file), { highWaterMark: chunkSize, signal });
  }
  if (isTerminal(0))
    throw new UsageError('the standard input is a terminal', 'name a file, or send one with <');
  return addAbortSignal(signal, process.stdin);
}
