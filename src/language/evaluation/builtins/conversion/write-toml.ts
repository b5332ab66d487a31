import { type Site, fault } from '../../fault.ts';
import { showFloat } from '../../show.ts';
import { Float } from '../../value.ts';
import { type Plain, isPlainList } from './plain.ts';

type Table = ReadonlyMap<string, Plain>;

const smallestInteger = -(2n ** 63n);
const greatestInteger = 2n ** 63n - 1n;

/** Writes TOML 1.0: first what stands in lines, then tables under headers of their own. */
export function writeToml(table: Table, site: Site): string {
  return new TomlWriter(site).write(table, []).join('').replace(/^\n/, '');
}

class TomlWriter {
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
  }

  write(table: Table, path: readonly string[]): string[] {
    const members = [...table];
    const lines = members
      .filter(([, value]) => !isHeaded(value))
      .map(([name, value]) => this.#line(name, value));
    const tables = members.flatMap(([name, value]) => this.#headed(value, [...path, name]));
    return [...lines, ...tables];
  }

  #line(name: string, value: Plain): string {
    return `${writeName(name)} = ${this.#inline(value, name)}\n`;
  }

  #headed(value: Plain, path: readonly string[]): string[] {
    const header = path.map(writeName).join('.');
    if (isTable(value)) {
      // A table that only holds tables is made by their headers.
      const needsHeader = value.size === 0 || [...value.values()].some((member) => !isHeaded(member));
      return [...(needsHeader ? [`\n[${header}]\n`] : []), ...this.write(value, path)];
    }
    if (!isTables(value)) return [];
    return value.flatMap((element) => [`\n[[${header}]]\n`, ...this.write(element, path)]);
  }

  #inline(value: Plain, name: string): string {
    if (typeof value === 'string') return writeString(value);
    if (value instanceof Float) return showFloat(value.value);
    if (typeof value === 'boolean') return String(value);
    if (typeof value === 'number' || typeof value === 'bigint') return this.#integer(value, name);
    if (isPlainList(value)) return `[${value.map((element) => this.#inline(element, name)).join(', ')}]`;
    if (value === null) {
      throw fault(this.#site.span, 'CAB2019', `TOML has no null, which '${name}' is or holds`, {
        hint: 'leave it out: filterAttributes (name => value => value != null)',
      });
    }
    const members = [...value].map(([key, member]) => `${writeName(key)} = ${this.#inline(member, key)}`);
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
  }

  #integer(value: number | bigint, name: string): string {
    if (value >= smallestInteger && value <= greatestInteger) return String(value);
    throw fault(
      this.#site.span,
      'CAB2019',
      `the integer of '${name}' is too large for TOML, which has 64 bits`,
      {
        hint: 'toString makes a string of it',
      },
    );
  }
}

function isTable(plain: Plain): plain is Table {
  return plain instanceof Map;
}

function isTables(plain: Plain): plain is readonly Table[] {
  return isPlainList(plain) && plain.length > 0 && plain.every(isTable);
}

function isHeaded(plain: Plain): boolean {
  return isTable(plain) || isTables(plain);
}

function writeName(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : writeString(name);
}

/** The escapes of JSON are among those of TOML, which wants one more character escaped. */
function writeString(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', String.raw`\u007f`);
}
