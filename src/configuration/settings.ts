import path from 'node:path';
import { bytesOf } from './amounts.ts';
import { type ConfigurationFile, type Table, isTable, refuseUnknown } from './file.ts';

export interface Range {
  readonly fallback: number;
  readonly limit: number;
}

/** The settings of one table, each with the sentence for a value of the wrong kind. */
export class Settings {
  readonly #configuration: ConfigurationFile;
  readonly #table: Table;
  /** Whose settings they are, as in ` of the client 'ci'`, or empty where the names alone tell. */
  readonly #owner: string;

  constructor(configuration: ConfigurationFile, table: Table, owner = '') {
    this.#configuration = configuration;
    this.#table = table;
    this.#owner = owner;
  }

  /** Where relative paths begin. */
  get folder(): string {
    return path.dirname(this.#configuration.file);
  }

  has(name: string): boolean {
    return this.#table[name] !== undefined;
  }

  /** A whole number from 1 to a limit. */
  count(name: string, { fallback, limit }: Range): number {
    const value = this.#table[name] ?? fallback;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= limit) return value;
    throw this.#wrong(name, `a whole number from 1 to ${limit}`);
  }

  /** A number above 0 and up to a limit. */
  positive(name: string, { fallback, limit }: Range): number {
    const value = this.#table[name] ?? fallback;
    if (typeof value === 'number' && value > 0 && value <= limit) return value;
    throw this.#wrong(name, `a number above 0, and at most ${limit}`);
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.#table[name] ?? fallback;
    if (typeof value !== 'boolean') throw this.#wrong(name, 'true or false');
    return value;
  }

  text(name: string): string | undefined {
    const value = this.#table[name];
    if (value !== undefined && typeof value !== 'string') throw this.#wrong(name, 'a string');
    return value;
  }

  strings(name: string): readonly string[] {
    const value = this.#table[name] ?? [];
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    throw this.#wrong(name, 'a list of strings');
  }

  /** Strings of which each is one of a few. */
  choices<Choice extends string>(name: string, known: readonly Choice[]): readonly Choice[] {
    const value = this.strings(name);
    if (value.every((item) => (known as readonly string[]).includes(item))) return value as Choice[];
    throw this.#wrong(name, `a list of some of ${known.map((choice) => `"${choice}"`).join(', ')}`);
  }

  /** The path of a file; a relative one begins where the configuration lies. */
  file(name: string): string | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : this.#resolve(value);
  }

  files(name: string): readonly string[] {
    return this.strings(name).map((value) => this.#resolve(value));
  }

  /** A size in bytes: a whole number, or a text such as "200 GB". */
  size(name: string): number | undefined {
    const value = this.#table[name];
    if (value === undefined) return undefined;
    const bytes = typeof value === 'string' ? bytesOf(value) : value;
    if (typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes > 0) return bytes;
    throw this.#wrong(name, 'a size, such as "500 MB" or "200 GB", or a number of bytes');
  }

  /** The mode of a file, in octal digits as `chmod` takes it. */
  mode(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined || /^[0-7]{3,4}$/.test(value))
      return value === undefined ? undefined : parseInt(value, 8);
    throw this.#wrong(name, 'a mode in octal digits, such as "660"');
  }

  /** The tables in this one, such as `[clients.NAME]`, each by its name. `noun` says what each is, as in `client`. */
  *entries(noun: string, known: readonly string[]): Iterable<readonly [string, Settings]> {
    for (const [name, entry] of Object.entries(this.#table)) {
      if (!isTable(entry)) {
        throw this.#configuration.unusable(
          `the ${noun} '${name}' has to be a table, as in [${noun}s.${name}]`,
        );
      }
      const owner = ` of the ${noun} '${name}'`;
      refuseUnknown(this.#configuration.file, entry, known, owner.trimStart());
      yield [name, new Settings(this.#configuration, entry, owner)];
    }
  }

  /** Every setting with its list of strings, where the names are the author's. */
  lists(): ReadonlyMap<string, readonly string[]> {
    return new Map(Object.keys(this.#table).map((name) => [name, this.strings(name)]));
  }

  /** Makes the error about a setting of this table, as in `'listen' has to be …`. */
  refuse(name: string, why: string, hint?: string): Error {
    return this.#configuration.unusable(`'${name}'${this.#owner} ${why}`, hint);
  }

  #wrong(name: string, what: string): Error {
    return this.refuse(name, `has to be ${what}`);
  }

  #resolve(name: string): string {
    return path.resolve(this.folder, name);
  }
}
