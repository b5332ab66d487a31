import { DiagnosticError } from '../diagnostics/index.ts';
import { parseLockFile } from '../islands/index.ts';
import type { LockReader } from '../store/index.ts';

/** What a lock file pins, as the store's collection wants to know it. */
export const claimsInLock: LockReader = (text, name) => {
  const parsed = parseLockFile(text, name);
  if (!parsed.ok) throw new DiagnosticError(parsed.diagnostic);
  const { islands, derivations } = parsed.lock;
  return [...islands.values(), ...derivations.values()].flatMap((pins) =>
    Object.entries(pins).map(([format, value]) => ({ format, value })),
  );
};
