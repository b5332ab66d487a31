import { readFile } from 'node:fs/promises';
import { unreachable } from '../foundation/index.ts';
import type { Secret } from './configuration.ts';

export type SecretText =
  | { readonly ok: true; readonly text: string }
  /** Why it cannot be had, as a phrase that holds nothing of it. */
  | { readonly ok: false; readonly why: string };

/** One line: what a header can hold. */
const printable = /^[^\x00-\x1f\x7f]+$/;

/** How long a program may take that prints a secret, and what it may print. */
const commandLimitMs = 30_000;
const lengthLimit = 64 << 10;

/** Reads a secret from where it lies, or has it printed. */
export async function readSecret(secret: Secret): Promise<SecretText> {
  const text = await textOf(secret);
  if (typeof text !== 'string') return { ok: false, why: text.why };
  const trimmed = text.trim();
  if (trimmed === '') return { ok: false, why: `${nameOf(secret)} has nothing in it` };
  if (printable.test(trimmed)) return { ok: true, text: trimmed };
  return { ok: false, why: `${nameOf(secret)} has more than a line of text in it` };
}

async function textOf(secret: Secret): Promise<string | { readonly why: string }> {
  switch (secret.kind) {
    case 'text':
      return secret.text;
    case 'file':
      return readFile(secret.file, 'utf8').catch((error: NodeJS.ErrnoException) => ({
        why: `${nameOf(secret)} cannot be read (${error.code})`,
      }));
    case 'command':
      return printedBy(secret.words);
    default:
      return unreachable(secret);
  }
}

/** What a program prints. What it says on its standard error is not repeated: it may hold anything. */
function printedBy([program = '', ...words]: readonly string[]): Promise<string | { readonly why: string }> {
  const { execFile } = process.getBuiltinModule('node:child_process');
  const options = { encoding: 'utf8', timeout: commandLimitMs, maxBuffer: lengthLimit } as const;
  return new Promise((resolve) => {
    const child = execFile(program, words, options, (error, output) => {
      if (error === null) resolve(output);
      else resolve({ why: `the program '${program}' ${endOf(error)}` });
    });
    child.stdin?.end();
  });
}

function endOf(error: Error & { code?: unknown; killed?: boolean }): string {
  if (error.code === 'ENOENT') return 'is not there';
  if (error.killed === true) return `has not ended within ${commandLimitMs / 1000} s`;
  return typeof error.code === 'number' ? `ended with code ${error.code}` : 'could not be run to its end';
}

function nameOf(secret: Secret): string {
  switch (secret.kind) {
    case 'text':
      return 'the text';
    case 'file':
      return `the file '${secret.file}'`;
    case 'command':
      return `what '${secret.words[0] ?? ''}' prints`;
    default:
      return unreachable(secret);
  }
}
