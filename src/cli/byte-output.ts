import { close, open, renameSync, rmSync, statSync, write } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DiagnosticError } from '../diagnostics/index.ts';
import { clearBeside, nameBeside } from '../workspace/index.ts';
import type { CommandContext } from './command.ts';
import { isTerminal } from './is-terminal.ts';
import { UsageError } from './options.ts';

const [openFile, closeFile, writeSome] = [promisify(open), promisify(close), promisify(write)];

/** How long to wait before a standard output that takes nothing right now is tried again. */
const pauseMs = 5;

/** What stands for the standard output in the place of a file's name. */
export const standardOutput = '-';

/** @throws UsageError where bytes would go to a terminal. */
export function refuseTerminal(target: string, instead: string): void {
  if (target === standardOutput && isTerminal(1))
    throw new UsageError('what this writes is not for a terminal', instead);
}

/**
 * Writes a stream of bytes to a file, which is made aside and moved into place when it is whole, or to the standard output. No piece is
 * asked for before the one before it is written.
 *
 * @throws DiagnosticError CAB6007, CAB6021 where it cannot be written.
 */
export async function writeBytes(
  { signal }: CommandContext,
  pieces: AsyncIterable<Uint8Array>,
  target: string,
): Promise<void> {
  if (target === standardOutput) return await writeTo(1, pieces, signal, unwritableOutput);
  const unwritable = (error: unknown): unknown => unwritableFile(target, error);
  // A device or a pipe is written to as it is.
  const isFile = statSync(target, { throwIfNoEntry: false })?.isFile() ?? true;
  if (isFile) clearBeside(target);
  const place = isFile ? nameBeside(target) : target;
  const descriptor = await openFile(place, 'w').catch((error: unknown) => {
    throw unwritable(error);
  });
  try {
    await writeTo(descriptor, pieces, signal, unwritable).finally(() => closeFile(descriptor));
    if (isFile) renameSync(place, target);
  } catch (error) {
    if (isFile) rmSync(place, { force: true });
    throw error;
  }
}

async function writeTo(
  descriptor: number,
  pieces: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  unwritable: (error: unknown) => unknown,
): Promise<void> {
  for await (const piece of pieces) {
    for (let written = 0; written < piece.length;) {
      signal.throwIfAborted();
      try {
        written += (await writeSome(descriptor, piece, written)).bytesWritten;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw unwritable(error);
        await delay(pauseMs);
      }
    }
  }
}

function unwritableOutput(cause: unknown): DiagnosticError {
  const { code } = cause as NodeJS.ErrnoException;
  const hint =
    code === 'EPIPE' ? 'whoever reads it has ended before all was written' : 'see where it leads to';
  const message = `the standard output cannot be written (${code})`;
  return new DiagnosticError({ code: 'CAB6007', severity: 'error', message, hint }, { cause });
}

function unwritableFile(file: string, cause: unknown): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === undefined) return cause;
  const hint =
    code === 'ENOSPC' ? 'the disk that it lies on is full' : 'name a file in a folder that you may write to';
  const message = `the file '${file}' cannot be written (${code})`;
  return new DiagnosticError({ code: 'CAB6021', severity: 'error', message, hint }, { cause });
}
