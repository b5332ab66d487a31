import { endOfValueType, findSection, readUnsigned } from './binary.ts';

const typeSection = 1;
const functionType = 0x60;

/**
 * Whether a module may use memory that the engine collects: it has types of another form than functions. What it keeps there is in no
 * memory that has a maximum, and an engine that makes long arrays of it does not end when it is told to.
 */
export function usesCollectedMemory(binary: Uint8Array): boolean {
  const section = findSection(binary, typeSection);
  if (section === undefined) return false;
  const count = readUnsigned(binary, section.content);
  let position = count?.next ?? section.end;
  for (let index = 0; index < (count?.value ?? 0) && position < section.end; index++) {
    if (binary[position] !== functionType) return true;
    const afterParameters = endOfTypes(binary, position + 1, section.end);
    position = endOfTypes(binary, afterParameters, section.end);
  }
  return position !== section.end;
}

/** Where a list of value types ends that begins at a position, or behind the limit. */
function endOfTypes(binary: Uint8Array, position: number, limit: number): number {
  const count = readUnsigned(binary, position);
  if (count === undefined) return limit + 1;
  let end = count.next;
  for (let index = 0; index < count.value && end <= limit; index++) end = endOfValueType(binary, end);
  return end;
}
