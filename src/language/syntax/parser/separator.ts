import type { Problem } from '../problem.ts';
import { expressionEnded } from './expression.ts';
import type { Parser } from './parser.ts';

/** Places of one kind of fault: the first, as many of the others as are shown, and how many there are. */
interface Places {
  readonly shown: number[];
  count: number;
}

const mostShown = 100;

/**
 * Where something else than a comma stands between the elements of one list or set. Each kind gets one diagnostic, however
 * many there are: who writes one semicolon writes them all.
 */
export class SeparatorFaults {
  semicolons: Places | undefined = undefined;
  /** The ends of elements behind which nothing separates. */
  gaps: Places | undefined = undefined;
  /** Where values are bound with `:`. */
  colons: Places | undefined = undefined;
}

/**
 * What stands between two elements: a comma, or what was written in its place. `startsNext` tells a forgotten comma
 * from other text, which is passed over.
 */
export function parseSeparator(p: Parser, faults: SeparatorFaults, startsNext: (p: Parser) => boolean): void {
  if (p.bumpIf(',') || p.atBoundary) return;
  if (p.at(';')) return takeSemicolon(p, faults);
  if (startsNext(p)) {
    if (!p.endsInText && !p.wasReportedHere) faults.gaps = withPlace(faults.gaps, p.lastEnd);
    return;
  }
  expressionEnded(p, "','");
  p.recover(startsNext);
  if (p.at(';')) return takeSemicolon(p, faults);
  p.bumpIf(',');
}

function takeSemicolon(p: Parser, faults: SeparatorFaults): void {
  faults.semicolons = withPlace(faults.semicolons, p.start);
  p.bump();
}

/** The places with one more. */
export function withPlace(places: Places | undefined, place: number): Places {
  if (places === undefined) return { shown: [place], count: 1 };
  places.count++;
  if (places.shown.length < mostShown) places.shown.push(place);
  return places;
}

/** Takes a separator without an element before it, if one is next, and reports it. */
export function parseStraySeparator(p: Parser, faults: SeparatorFaults): boolean {
  if (p.at(';')) {
    takeSemicolon(p, faults);
    return true;
  }
  if (!p.at(',')) return false;
  p.reportHere({
    code: 'CAB1118',
    message: 'nothing stands before this comma',
    label: 'expected an element before it',
    hint: 'a comma stands behind each element: take it away, or write the element that it ends',
  });
  p.bump();
  return true;
}

export function reportSeparators(p: Parser, { semicolons, gaps, colons }: SeparatorFaults): void {
  reportPlaces(p, semicolons, 1, {
    code: 'CAB1107',
    message: "';' separates nothing in Cab",
    label: "expected ','",
    hint: "separate with ','",
  });
  reportPlaces(p, gaps, 0, {
    code: 'CAB1106',
    message: "a ',' is missing between two elements",
    label: "expected ','",
    hint: "separate with ','",
  });
  reportPlaces(p, colons, 1, {
    code: 'CAB1114',
    message: "a value is not bound with ':'",
    label: "expected '='",
    hint: "binding is '='",
  });
}

function reportPlaces(
  p: Parser,
  places: Places | undefined,
  length: number,
  problem: Pick<Problem, 'code' | 'message' | 'label' | 'hint'>,
): void {
  const [start, ...others] = places?.shown ?? [];
  if (places === undefined || start === undefined) return;
  const untold = places.count - places.shown.length;
  p.report({
    ...problem,
    start,
    end: start + length,
    ...(places.count === 1 && { replacement: problem.code === 'CAB1114' ? '=' : ',' }),
    others: others.map((other) => ({ start: other, end: other + length, label: 'and here' })),
    ...(untold > 0 && { notes: [`and at ${untold} more places`] }),
  });
}
