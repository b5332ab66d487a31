import {
  type Section,
  endOfValueType,
  findSection,
  readUnsigned,
  replaceSection,
  writeUnsigned,
} from './binary.ts';
import { programLimits } from './limits.ts';
import type { LimitedModule } from './memory-limit.ts';

const tableSection = 4;
const flagMaximum = 1;

interface Table {
  /** What its entries are, as it is encoded. */
  readonly type: readonly number[];
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * Writes a maximum into each of a module's tables, so that all of them together hold no more than a number of entries: an engine that
 * runs out of room for them takes its process down.
 */
export function limitTables(binary: Uint8Array<ArrayBuffer>, limit: number): LimitedModule {
  const section = findSection(binary, tableSection);
  if (section === undefined) return { kind: 'limited', binary };
  const tables = readTables(binary, section);
  if (tables === undefined)
    return { kind: 'unfit', reason: 'its tables are of a kind that cannot be bounded' };
  if (tables.length > programLimits.tables)
    return { kind: 'unfit', reason: `it has ${tables.length} tables` };
  const needed = tables.reduce((sum, { minimum }) => sum + minimum, 0);
  if (needed > limit)
    return { kind: 'unfit', reason: `its tables need ${needed} entries, and may have ${limit}` };
  const share = Math.floor((limit - needed) / Math.max(1, tables.length));
  const content = tables.flatMap(({ type, minimum, maximum }) => [
    ...type,
    flagMaximum,
    ...writeUnsigned(minimum),
    ...writeUnsigned(Math.min(maximum, minimum + share)),
  ]);
  const limited = replaceSection(binary, section, [...writeUnsigned(tables.length), ...content]);
  return { kind: 'limited', binary: limited };
}

/** Undefined where there are others than those of 32-bit indices that begin empty. */
function readTables(binary: Uint8Array, section: Section): readonly Table[] | undefined {
  const count = readUnsigned(binary, section.content);
  if (count === undefined || count.value > section.end - section.content) return undefined;
  const tables: Table[] = [];
  let position = count.next;
  while (tables.length < count.value) {
    const afterType = endOfValueType(binary, position);
    const flags = binary[afterType];
    const minimum = readUnsigned(binary, afterType + 1);
    if ((flags !== 0 && flags !== flagMaximum) || minimum === undefined) return undefined;
    const maximum = flags === 0 ? undefined : readUnsigned(binary, minimum.next);
    if (flags === flagMaximum && maximum === undefined) return undefined;
    const type = [...binary.subarray(position, afterType)];
    tables.push({ type, minimum: minimum.value, maximum: maximum?.value ?? Infinity });
    position = (maximum ?? minimum).next;
  }
  return position === section.end ? tables : undefined;
}
