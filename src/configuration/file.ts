import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as smolToml from 'smol-toml';
import { type Diagnostic, DiagnosticError, didYouMean } from '../diagnostics/index.ts';

export type Table = Readonly<Record<string, unknown>>;

/** What a configuration file may say. */
export interface Schema {
  /** The settings outside of tables. */
  readonly settings: readonly string[];
  /** Those of each table; `any` where its names are its author's. */
  readonly tables: Readonly<Record<string, readonly string[] | 'any'>>;
}

/** A configuration file whose names are known, and whose values nobody has looked at. */
export class ConfigurationFile {
  readonly file: string;
  readonly #root: Table;

  private constructor(file: string, root: Table) {
    this.file = file;
    this.#root = root;
  }

  /** @throws DiagnosticError CAB6002 where it is not there, cannot be read, is not TOML, or names what the schema does not. */
  static read(file: string, schema: Schema): ConfigurationFile {
    const text = readIfThere(file);
    if (text === undefined) throw unusable(file, 'it is not there', 'see whether its path is right');
    return new ConfigurationFile(file, parse(file, text, schema));
  }

  /** The same, but that one that is not there is as good as an empty one. */
  static readIfThere(file: string, schema: Schema): ConfigurationFile {
    const text = readIfThere(file);
    return new ConfigurationFile(file, text === undefined ? {} : parse(file, text, schema));
  }

  /** One that says nothing, as if it lay in the folder. */
  static empty(folder: string): ConfigurationFile {
    return new ConfigurationFile(path.join(folder, 'none'), {});
  }

  /** The settings outside of tables. */
  get root(): Table {
    return this.#root;
  }

  /** The table, empty where the file has none of that name. */
  table(name: string): Table {
    return (this.#root[name] as Table | undefined) ?? {};
  }

  has(name: string): boolean {
    return this.#root[name] !== undefined;
  }

  /** Makes the error that ends the reading. */
  unusable(why: string, hint?: string): DiagnosticError {
    return unusable(this.file, why, hint);
  }

  /** A warning to give where it has secrets in it, if others than its owner may read it. */
  get readableByOthers(): Diagnostic | undefined {
    // Where the system has no such modes, as on Windows, nothing can be said.
    if (process.platform === 'win32' || (statSync(this.file).mode & 0o077) === 0) return undefined;
    return {
      code: 'CAB6009',
      severity: 'warning',
      message: `the configuration file '${this.file}' holds secrets, and others than its owner may read it`,
      hint: `chmod 600 '${this.file}', or name files or commands that hold them`,
    };
  }
}

function parse(file: string, text: string, { settings, tables }: Schema): Table {
  // Loaded only where there is a configuration: it is not needed to start.
  const toml = createRequire(import.meta.url)('smol-toml') as typeof smolToml;
  let root: Table;
  try {
    root = toml.parse(text);
  } catch (error) {
    throw notToml(file, error as smolToml.TomlError);
  }
  for (const [name, value] of Object.entries(root)) {
    if (settings.includes(name)) continue;
    const known = Object.hasOwn(tables, name) ? tables[name] : undefined;
    if (known === undefined) throw unknownRoot(file, name, value, { settings, tables });
    if (!isTable(value)) throw unusable(file, `'${name}' has to be a table, as in [${name}]`);
    if (known === 'any') continue;
    refuseSingular(file, name, value, { settings, tables });
    refuseUnknown(file, value, known, `in [${name}]`);
  }
  return root;
}

/** Refuses `[realizer.NAME]` where `[realizers.NAME]` is meant. */
function refuseSingular(file: string, table: string, value: Table, { tables }: Schema): void {
  const plural = `${table}s`;
  if (!Object.hasOwn(tables, plural) || tables[plural] !== 'any') return;
  const [name] = Object.entries(value).find(([, each]) => isTable(each)) ?? [];
  if (name === undefined) return;
  throw unusable(file, `there is no table '${table}.${name}'`, `did you mean [${plural}.${name}]?`);
}

/** Refuses what is not among the known settings. `where` stands behind the name, such as `in [store]`. */
export function refuseUnknown(file: string, table: Table, known: readonly string[], where: string): void {
  for (const setting of Object.keys(table)) {
    if (!known.includes(setting)) throw unknownName(file, `setting '${setting}' ${where}`, setting, known);
  }
}

export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function unknownRoot(file: string, name: string, value: unknown, schema: Schema): DiagnosticError {
  const tables = Object.keys(schema.tables);
  if (isTable(value) || schema.settings.length === 0)
    return unknownName(file, `table '${name}'`, name, tables);
  return unknownName(file, `setting '${name}' outside of tables`, name, [...schema.settings, ...tables]);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'EISDIR') throw unusable(file, 'it is a folder', 'name the file in it');
    throw unusable(file, `it cannot be read (${code})`, 'make it readable for this user');
  }
}

function notToml(file: string, { line, column, message }: smolToml.TomlError): DiagnosticError {
  const what = message.split('\n')[0]?.replace('Invalid TOML document: ', '');
  return unusable(
    file,
    `it is not TOML: ${what}, in line ${line}, column ${column}`,
    'what is wrong may begin in the line before; texts have quotes, and lists stand in brackets',
  );
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
