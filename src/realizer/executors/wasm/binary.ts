/** Reads and writes the parts of WebAssembly's binary format (https://webassembly.github.io/spec/core/binary/) that limits stand in. */

export interface Unsigned {
  readonly value: number;
  /** Where it ends. */
  readonly next: number;
}

/** An unsigned LEB128 number of at most 32 bits; undefined where there is none. */
export function readUnsigned(binary: Uint8Array, position: number): Unsigned | undefined {
  let value = 0;
  for (let index = 0; index < 5; index++) {
    const byte = binary[position + index];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, next: position + index + 1 };
  }
  return undefined;
}

export function writeUnsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 0x80);
  }
}

export interface Section {
  /** Where its id stands. */
  readonly start: number;
  /** Where its content begins, and ends. */
  readonly content: number;
  readonly end: number;
}

/** The first section of a kind. In a module that is not well formed there may be none where there should be one. */
export function findSection(binary: Uint8Array, id: number): Section | undefined {
  for (let start = 8; start < binary.length;) {
    const size = readUnsigned(binary, start + 1);
    if (size === undefined) return undefined;
    const end = size.next + size.value;
    if (binary[start] === id) return { start, content: size.next, end };
    start = end;
  }
  return undefined;
}

/** The module with other content in one of its sections. */
export function replaceSection(
  binary: Uint8Array,
  { start, end }: Section,
  content: readonly number[],
): Uint8Array<ArrayBuffer> {
  const head = Uint8Array.from([binary[start] ?? 0, ...writeUnsigned(content.length)]);
  return Uint8Array.from(
    Buffer.concat([binary.subarray(0, start), head, Uint8Array.from(content), binary.subarray(end)]),
  );
}

const reference = { nullable: 0x63, plain: 0x64 } as const;

/** Where a value type ends that begins at a position. */
export function endOfValueType(binary: Uint8Array, position: number): number {
  const byte = binary[position];
  if (byte !== reference.nullable && byte !== reference.plain) return position + 1;
  let end = position + 1;
  while ((binary[end] ?? 0) >= 0x80) end++;
  return end + 1;
}
