import { readFile } from 'node:fs/promises';
import { unreachable } from '../../../../foundation/index.ts';
import type { Credentials, Secret } from '../../../configuration.ts';
import { hostLimits } from '../limits.ts';
import type { Failure } from './failure.ts';

export type SecretResult = { readonly kind: 'secret'; readonly text: string } | Failure;

/** One line: what a header can hold. */
const printable = /^[^\x00-\x1f\x7f]+$/;

/** Reads secrets, each once, when the first request needs it. */
export class Secrets {
  readonly #known = new Map<Credentials, Promise<SecretResult>>();

  get(credentials: Credentials): Promise<SecretResult> {
    let known = this.#known.get(credentials);
    if (known === undefined) {
      known = readSecret(credentials);
      this.#known.set(credentials, known);
    }
    return known;
  }
}

async function readSecret({ place, secret }: Credentials): Promise<SecretResult> {
  const text = await textOf(secret);
  if (typeof text !== 'string') return failure(place, text.why);
  const trimmed = text.trim();
  if (trimmed === '') return failure(place, `${nameOf(secret)} has nothing in it`);
  if (!printable.test(trimmed)) return failure(place, `${nameOf(secret)} has more than a line of text in it`);
  return { kind: 'secret', text: trimmed };
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
  const options = { encoding: 'utf8', timeout: hostLimits.secretMs, maxBuffer: hostLimits.secret } as const;
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
  if (error.killed === true) return `has not ended within ${hostLimits.secretMs / 1000} s`;
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

function failure(place: string, why: string): Failure {
  return {
    kind: 'credentials',
    detail: `the credentials for '${place}' cannot be had: ${why}`,
    mayPass: false,
  };
}
