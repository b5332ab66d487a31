import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type * as smolToml from 'smol-toml';
import { type Diagnostic, DiagnosticError, didYouMean } from '../diagnostics/index.ts';
import type { RealizerConfiguration } from '../realizer/index.ts';
import { readCredentials } from './credentials.ts';

const defaultTimeoutSeconds = 60;
const timeoutLimitSeconds = 86_400;
/** Longer than any program that comes to an end is likely to need. */
const defaultProgramSeconds = 3600;
const programLimitSeconds = 14 * 86_400;
const coresLimit = 4096;

/** Every setting of the configuration file, by table. */
const settings: Readonly<Record<string, readonly string[]>> = {
  credentials: [],
  mirrors: [],
  network: ['certificate-authorities', 'netrc-file', 'timeout-seconds'],
  store: ['durable'],
  realizer: ['cores', 'features', 'host-tools', 'program-seconds'],
};

type Table = Readonly<Record<string, unknown>>;

export interface Configuration extends RealizerConfiguration {
  /** Whether all that comes into the store is on the disk before it is recorded. */
  readonly durableStore: boolean;
}

export interface ConfigurationSources {
  /** One that is not there is as good as an empty one. */
  readonly file: string;
  /** A file of certificates that the environment names, or undefined. */
  readonly extraAuthorities: string | undefined;
  /** Told what is not as it should be, and can be worked with all the same. */
  readonly warn: (diagnostic: Diagnostic) => void;
}

/** Reads the configuration file. */
export function readConfiguration({ file, extraAuthorities, warn }: ConfigurationSources): Configuration {
  const text = readIfThere(file);
  const tables = text === undefined ? {} : parseTables(file, text);
  const network = tables.network ?? {};
  const realizer = tables.realizer ?? {};
  const store = tables.store ?? {};
  const reader = new SettingReader(file);
  const credentials = readCredentials(tables.credentials ?? {}, file, (why, hint) =>
    unusable(file, why, hint),
  );
  if (credentials.some(({ secret }) => secret.kind === 'text') && isReadableByOthers(file))
    warn(readableByOthers(file));
  return {
    durableStore: reader.flag(store, 'durable', false),
    cores: reader.count(realizer, 'cores', { fallback: availableParallelism(), limit: coresLimit }),
    mirrors: reader.mirrors(tables.mirrors ?? {}),
    credentials,
    netrcFile: reader.file(network, 'netrc-file'),
    certificateAuthorities: [
      ...reader
        .strings(network, 'certificate-authorities')
        .map((name) => path.resolve(path.dirname(file), name)),
      ...(extraAuthorities ? [extraAuthorities] : []),
    ],
    requestTimeoutMs:
      reader.positive(network, 'timeout-seconds', {
        fallback: defaultTimeoutSeconds,
        limit: timeoutLimitSeconds,
      }) * 1000,
    programLimitMs:
      reader.positive(realizer, 'program-seconds', {
        fallback: defaultProgramSeconds,
        limit: programLimitSeconds,
      }) * 1000,
    features: reader.strings(realizer, 'features'),
    hostTools: reader.flag(realizer, 'host-tools', true),
  };
}

interface Range {
  readonly fallback: number;
  readonly limit: number;
}

class SettingReader {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** A whole number from 1 to a limit. */
  count(table: Table, name: string, range: Range): number {
    const value = table[name] ?? range.fallback;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= range.limit)
      return value;
    throw unusable(this.#file, `'${name}' has to be a whole number from 1 to ${range.limit}`);
  }

  /** A number above 0 and up to a limit. */
  positive(table: Table, name: string, range: Range): number {
    const value = table[name] ?? range.fallback;
    if (typeof value === 'number' && value > 0 && value <= range.limit) return value;
    throw unusable(this.#file, `'${name}' has to be a number above 0, and at most ${range.limit}`);
  }

  flag(table: Table, name: string, fallback: boolean): boolean {
    const value = table[name] ?? fallback;
    if (typeof value !== 'boolean') throw unusable(this.#file, `'${name}' has to be true or false`);
    return value;
  }

  /** The path of a file; a relative one begins where the configuration lies. */
  file(table: Table, name: string): string | undefined {
    const value = table[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw unusable(this.#file, `'${name}' has to be a string`);
    return path.resolve(path.dirname(this.#file), value);
  }

  strings(table: Table, name: string): readonly string[] {
    const value = table[name] ?? [];
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    throw unusable(this.#file, `'${name}' has to be a list of strings`);
  }

  mirrors(table: Table): ReadonlyMap<string, string> {
    const mirrors = new Map<string, string>();
    for (const [prefix, target] of Object.entries(table)) {
      if (typeof target !== 'string' || !isWebAddress(prefix) || !isWebAddress(target)) {
        throw unusable(
          this.#file,
          `the mirror of '${prefix}' has to map an http or https address to another`,
        );
      }
      mirrors.set(prefix, target);
    }
    return mirrors;
  }
}

function parseTables(file: string, text: string): Readonly<Record<string, Table>> {
  // Loaded only where there is a configuration: it is not needed to start.
  const { parse } = createRequire(import.meta.url)('smol-toml') as typeof smolToml;
  let tables: Readonly<Record<string, unknown>>;
  try {
    tables = parse(text);
  } catch (error) {
    throw unusable(file, `it is not TOML: ${(error as Error).message.split('\n')[0]}`);
  }
  for (const [name, table] of Object.entries(tables)) {
    const known = settings[name];
    if (known === undefined) throw unknownName(file, `table '${name}'`, name, Object.keys(settings));
    if (typeof table !== 'object' || table === null)
      throw unusable(file, `'${name}' has to be a table, as in [${name}]`);
    if (known.length === 0) continue;
    for (const setting of Object.keys(table)) {
      if (!known.includes(setting))
        throw unknownName(file, `setting '${setting}' in [${name}]`, setting, known);
    }
  }
  return tables as Readonly<Record<string, Table>>;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unusable(file, `it cannot be read (${code})`);
  }
}

/** Where the system has no such modes, as on Windows, nothing can be said. */
function isReadableByOthers(file: string): boolean {
  return process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0;
}

function readableByOthers(file: string): Diagnostic {
  return {
    code: 'CAB6009',
    severity: 'warning',
    message: `the configuration file '${file}' holds secrets, and others than its owner may read it`,
    hint: `chmod 600 '${file}', or name files or commands that hold them`,
  };
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^/]/.test(text) && URL.canParse(text);
}

function unknownName(file: string, what: string, name: string, known: readonly string[]): DiagnosticError {
  return unusable(file, `there is no ${what}`, didYouMean(name, known) ?? `there is ${known.join(', ')}`);
}

function unusable(file: string, why: string, hint?: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB6002',
    severity: 'error',
    message: `the configuration file '${file}' cannot be used: ${why}`,
    ...(hint !== undefined && { hint }),
  });
}
