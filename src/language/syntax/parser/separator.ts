import { expressionEnded } from './expression.ts';
import type { Parser } from './parser.ts';

/**
 * Where something else than a comma stands between the elements of one list or set. Each kind gets one diagnostic, however
 * many there are: who writes one semicolon writes them all.
 */
export interface SeparatorFaults {
  readonly semicolons: number[];
  /** The ends of elements behind which nothing separates. */
  readonly gaps: number[];
}

/**
 * What stands between two elements: a comma, or what was written in its place. `startsNext` tells a forgotten comma
 * from other text, which is passed over.
 */
export function parseSeparator(p: Parser, faults: SeparatorFaults, startsNext: () => boolean): void {
  if (p.bumpIf(',') || p.atBoundary) return;
  if (p.at(';')) return takeSemicolon(p, faults);
  if (startsNext()) {
    if (!p.endsInText && !p.wasReportedHere) faults.gaps.push(p.lastEnd);
    return;
  }
  expressionEnded(p, "','");
  p.recover(startsNext);
  if (p.at(';')) return takeSemicolon(p, faults);
  p.bumpIf(',');
}

function takeSemicolon(p: Parser, { semicolons }: SeparatorFaults): void {
  semicolons.push(p.token.start);
  p.bump();
}

/** Takes a separator without an element before it, if one is next, and reports it. */
export function parseStraySeparator(p: Parser, faults: SeparatorFaults): boolean {
  if (p.at(';')) {
    takeSemicolon(p, faults);
    return true;
  }
  if (!p.at(',')) return false;
  p.reportHere({ code: 'CAB1118', message: 'nothing stands before this comma' });
  p.bump();
  return true;
}

export function reportSeparators(p: Parser, { semicolons, gaps }: SeparatorFaults): void {
  const [semicolon, ...moreSemicolons] = semicolons;
  if (semicolon !== undefined) {
    p.report({
      code: 'CAB1107',
      start: semicolon,
      end: semicolon + 1,
      message: "';' separates nothing in Cab",
      others: moreSemicolons.map((start) => ({ start, end: start + 1, label: 'and here' })),
      hint: "separate with ','",
    });
  }
  const [gap, ...moreGaps] = gaps;
  if (gap === undefined) return;
  p.report({
    code: 'CAB1106',
    start: gap,
    end: gap,
    message: "a ',' is missing between two elements",
    others: moreGaps.map((start) => ({ start, end: start, label: 'and here' })),
    hint: "separate with ','",
  });
}
