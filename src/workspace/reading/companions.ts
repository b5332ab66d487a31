import {
  type Island,
  type Purpose,
  type ReadingWord,
  gitSourceOf,
  lockFileName,
} from '../../islands/index.ts';
import { entryFileName } from '../installable.ts';

/** Asks for no more than the commit that the ref stands for. */
export const refWord: ReadingWord = 'look:/';

/** What evaluation is going to ask for as soon as it has what it asks for first: it comes along, and saves a round trip. */
export function companionsOf(island: Island, inner: string): readonly ReadingWord[] {
  const subtree = gitSourceOf(island)?.subtree ?? '';
  const top: `/${string}` = subtree === '' ? '/' : `/${subtree}/`;
  const lock: ReadingWord = `read:${top}${lockFileName}`;
  // Whoever looks at the island itself imports it.
  return inner === '/' ? [lock, `read:${top}${entryFileName}`] : [lock];
}

/** An expression that is looked at is about to be imported. */
export function wordPurpose(inner: string, purpose: Purpose): Purpose {
  return inner.endsWith('.cab') ? 'read' : purpose;
}
