import type { Json } from '../foundation/index.ts';

/** How much is gathered before it is written, in characters. */
const pieceSize = 1 << 16;

/**
 * Writes a value as `JSON.stringify` does with two spaces for each level, and a line feed behind it, piece by piece: a text of all
 * of a large value would be as large again, and has its limit.
 */
export function writeJson(value: Json, write: (piece: string) => unknown): void {
  const writer = new JsonWriter(write);
  writer.write(value, '\n');
  writer.add('\n');
  writer.flush();
}

class JsonWriter {
  readonly #write: (piece: string) => unknown;
  #gathered = '';

  constructor(write: (piece: string) => unknown) {
    this.#write = write;
  }

  /** `margin` is a line feed and what stands before the value's closing bracket. */
  write(value: Json, margin: string): void {
    if (Array.isArray(value)) return this.#container('[]', margin, value.entries(), () => '');
    const isObject = typeof value === 'object' && value !== null && !isRaw(value);
    if (!isObject) return this.add(JSON.stringify(value));
    this.#container('{}', margin, Object.entries(value), (name) => `${JSON.stringify(name)}: `);
  }

  add(text: string): void {
    this.#gathered += text;
    if (this.#gathered.length >= pieceSize) this.flush();
  }

  flush(): void {
    if (this.#gathered !== '') this.#write(this.#gathered);
    this.#gathered = '';
  }

  #container<Key>(
    brackets: string,
    margin: string,
    members: Iterable<readonly [Key, Json]>,
    before: (key: Key) => string,
  ): void {
    let isEmpty = true;
    for (const [key, member] of members) {
      this.add(`${isEmpty ? brackets[0] : ','}${margin}  ${before(key)}`);
      this.write(member, `${margin}  `);
      isEmpty = false;
    }
    this.add(isEmpty ? brackets : `${margin}${brackets[1]}`);
  }
}

/** Whether it is a number that was made by `JSON.rawJSON`, which keeps all of its digits. */
function isRaw(value: object): boolean {
  return (JSON as unknown as { isRawJSON(value: object): boolean }).isRawJSON(value);
}
