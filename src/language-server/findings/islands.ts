import { nearest } from '../../diagnostics/index.ts';
import { islandTypes } from '../../workspace/index.ts';
import type { AnalysedFile } from '../files/analysed-file.ts';
import { nodesOf } from '../files/nodes-of.ts';
import { writtenIsland } from '../islands/written-island.ts';
import { type Finding, replaceBy } from './finding.ts';

/** Islands of a type that there is not, and those that are malformed for their type; what is computed is left to evaluation. */
export function islandFindings(file: AnalysedFile): readonly Finding[] {
  return nodesOf(file, 'island').flatMap((node): Finding[] => {
    const { type, typeStart, result, isClosed, end } = writtenIsland(node);
    if (!isClosed || result === undefined || result.ok) return [];
    const { code, message, hint } = result.diagnostic;
    const isUnknown = !islandTypes.has(type);
    const place = isUnknown ? { start: typeStart, end: typeStart + type.length } : { start: node.start, end };
    const meant = isUnknown ? nearest(type, islandTypes.keys()) : undefined;
    const fixes = meant === undefined ? [] : [replaceBy(place, meant)];
    return [{ ...place, severity: 'error', code, message, hint, fixes }];
  });
}
