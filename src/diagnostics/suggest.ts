/** The candidate that the user most likely meant, or undefined where none is near. Of equals the first is taken. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = distanceOf(word, candidate, bestDistance);
    if (distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/** `did you mean 'x'?`, or undefined: fits a diagnostic's hint. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const candidate = nearest(word, candidates);
  return candidate === undefined ? undefined : meant(candidate);
}

/** The question, for a candidate that is known. */
export function meant(candidate: string): string {
  return `did you mean '${candidate}'?`;
}

/** Longer names are not typed by hand, and comparing costs the product of the lengths. */
const longest = 200;

/** From how many letters on a beginning says which name was meant. */
const shortestPrefix = 3;

/**
 * How far a word is from a candidate, infinite where it does not mean it: what is written with other capitals, hyphens or
 * underscores is nearest, then each wrong, missing, surplus or swapped letter counts one, up to a third of the letters; a beginning of
 * the candidate is as far as one and a half wrong letters.
 */
function distanceOf(word: string, candidate: string, limit: number): number {
  if (word === candidate || word.length > longest || candidate.length > longest) {
    return Number.POSITIVE_INFINITY;
  }
  const [left, right] = [bare(word), bare(candidate)];
  if (left === right) return left === '' ? Number.POSITIVE_INFINITY : 0.5;
  // The shorter the rest, the likelier it is what was begun.
  const isBeginning = left.length >= shortestPrefix && right.startsWith(left);
  const begun = isBeginning ? 1.5 + (right.length - left.length) / 1000 : Number.POSITIVE_INFINITY;
  const allowed = Math.floor(Math.max(left.length, right.length) / 3);
  if (Math.abs(left.length - right.length) > Math.min(allowed, limit)) return begun;
  const edits = editsBetween(left, right);
  return Math.min(begun, edits <= allowed ? edits : Number.POSITIVE_INFINITY);
}

/** The letters alone, as they are compared. */
function bare(word: string): string {
  return word.toLowerCase().replaceAll(/[-_' ]/g, '');
}

/** Damerau-Levenshtein distance: insertions, deletions, substitutions, and transpositions of neighbours. */
function editsBetween(left: string, right: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const current = [i];
    for (let j = 1; j <= right.length; j++) {
      const cost = left[i - 1] === right[j - 1] ? 0 : 1;
      let edits = Math.min(at(previous, j) + 1, at(current, j - 1) + 1, at(previous, j - 1) + cost);
      const swapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      if (swapped) edits = Math.min(edits, at(beforePrevious, j - 2) + 1);
      current.push(edits);
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, right.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
