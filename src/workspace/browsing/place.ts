import { DiagnosticError } from '../../diagnostics/index.ts';
import { type Island, parseIsland } from '../../islands/index.ts';

/** What a word of the command line names: an island, and a path in it. */
export interface IslandPlace {
  readonly island: Island;
  /** `/`, `/a/b` */
  readonly path: string;
}

/** Parses `github:o/r`, `github:o/r::/docs`, `<github:o/r>/docs/page.md`. */
export function parseIslandPlace(word: string): IslandPlace {
  if (!/^<?[a-z][a-z0-9]*:/.test(word)) throw notAnIsland(word);
  const behind = /^<[^>]*>(\/.*)$/.exec(word)?.[1];
  const parsed = parseIsland(behind === undefined ? word : word.slice(0, -behind.length));
  if (!parsed.ok) throw new DiagnosticError(parsed.diagnostic);
  return { island: parsed.island, path: normalise(behind ?? '/', word) };
}

function notAnIsland(word: string): DiagnosticError {
  const isPath = /^[./]/.test(word);
  return new DiagnosticError({
    code: 'CAB3002',
    severity: 'error',
    message: `'${word}' is not an island`,
    hint: isPath
      ? `as an island, a local tree is written path:${word}`
      : 'an island is written github:cull-os/cab',
  });
}

function normalise(path: string, word: string): string {
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  if (!names.includes('..')) return `/${names.join('/')}`;
  throw new DiagnosticError({
    code: 'CAB6001',
    severity: 'error',
    message: `'${word}' climbs with '..', and a path in an island goes down from its top`,
  });
}
