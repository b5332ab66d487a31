import type { AnalysedFile } from '../files/analysed-file.ts';
import type { Session } from '../session.ts';
import type { Finding } from './finding.ts';
import { importFindings } from './imports.ts';
import { islandFindings } from './islands.ts';
import { nameFindings } from './names.ts';
import { syntaxFindings } from './syntax.ts';
import { unusedFindings } from './unused.ts';

export type { Finding, Fix } from './finding.ts';

/** All that there is to tell about a file, in the order of its text. */
export function findingsIn(session: Session, file: AnalysedFile): readonly Finding[] {
  const findings = [
    ...syntaxFindings(file),
    ...nameFindings(file),
    ...islandFindings(file),
    ...importFindings(session, file),
    ...unusedFindings(file),
  ];
  return findings.toSorted((left, right) => left.start - right.start);
}
