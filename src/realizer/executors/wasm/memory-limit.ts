const memorySection = 5;
const pageSize = 65_536;
const flagMaximum = 1;
const flagsNotSupported = 2 | 4;

export type LimitedModule =
  | { readonly kind: 'limited'; readonly binary: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'unfit'; readonly reason: string };

/**
 * Writes a maximum into a module's memory section, since an engine has no other way to bound a memory that the module itself
 * defines. A module that is not well formed stays as it is, for the engine to say what is wrong with it.
 */
export function limitMemory(binary: Uint8Array, limit: number): LimitedModule {
  const unchanged = { kind: 'limited', binary: Uint8Array.from(binary) } as const;
  let position = 8;
  while (position < binary.length) {
    const id = binary[position];
    const size = readUnsigned(binary, position + 1);
    if (size === undefined) return unchanged;
    if (id === memorySection) return limitSection(binary, position, size, limit) ?? unchanged;
    position = size.next + size.value;
  }
  return unchanged;
}

function limitSection(
  binary: Uint8Array,
  start: number,
  size: Unsigned,
  limit: number,
): LimitedModule | undefined {
  const count = readUnsigned(binary, size.next);
  if (count === undefined || count.value === 0) return undefined;
  if (count.value > 1) return { kind: 'unfit', reason: 'it has more than one memory' };
  const flags = binary[count.next] ?? 0;
  if ((flags & flagsNotSupported) !== 0)
    return { kind: 'unfit', reason: 'its memory is shared, or has 64-bit addresses' };
  const minimum = readUnsigned(binary, count.next + 1);
  if (minimum === undefined) return undefined;
  const maximum = (flags & flagMaximum) === 0 ? undefined : readUnsigned(binary, minimum.next);
  const pages = Math.floor(limit / pageSize);
  if (minimum.value > pages) {
    return {
      kind: 'unfit',
      reason: `it needs ${minimum.value * pageSize} bytes of memory, and may have ${limit}`,
    };
  }
  const end = (maximum ?? minimum).next;
  if (end !== size.next + size.value) return undefined;
  const content = [1, flagMaximum, ...writeUnsigned(minimum.value)];
  content.push(...writeUnsigned(Math.min(pages, maximum?.value ?? pages)));
  const section = Uint8Array.from([memorySection, ...writeUnsigned(content.length), ...content]);
  const limited = Buffer.concat([binary.subarray(0, start), section, binary.subarray(end)]);
  return { kind: 'limited', binary: Uint8Array.from(limited) };
}

interface Unsigned {
  readonly value: number;
  readonly next: number;
}

/** An unsigned LEB128 number of at most 32 bits, and where it ends. */
function readUnsigned(binary: Uint8Array, position: number): Unsigned | undefined {
  let value = 0;
  for (let index = 0; index < 5; index++) {
    const byte = binary[position + index];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, next: position + index + 1 };
  }
  return undefined;
}

function writeUnsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 0x80);
  }
}
