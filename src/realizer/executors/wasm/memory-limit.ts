import { type Section, findSection, readUnsigned, replaceSection, writeUnsigned } from './binary.ts';

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
  const section = findSection(binary, memorySection);
  const limited = section === undefined ? undefined : limitSection(binary, section, limit);
  return limited ?? { kind: 'limited', binary: Uint8Array.from(binary) };
}

function limitSection(binary: Uint8Array, section: Section, limit: number): LimitedModule | undefined {
  const count = readUnsigned(binary, section.content);
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
  if ((maximum ?? minimum).next !== section.end) return undefined;
  const content = [1, flagMaximum, ...writeUnsigned(minimum.value)];
  content.push(...writeUnsigned(Math.min(pages, maximum?.value ?? pages)));
  return { kind: 'limited', binary: replaceSection(binary, section, content) };
}
