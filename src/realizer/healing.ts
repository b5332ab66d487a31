import { DiagnosticError } from '../diagnostics/index.ts';
import type { StorePath } from '../foundation/index.ts';
import { isDamagedContent } from '../store/index.ts';
import { Remaker, type RemakerOptions } from './remaking.ts';

/**
 * Does something for which outputs have to be whole. Where one is not, since somebody wrote to a file of the store, it is put right,
 * with what is on this machine or by being made again, and the whole is done once more.
 *
 * @throws DiagnosticError with the damage, and why it stays.
 */
export async function withWhole<T>(
  paths: () => Iterable<StorePath>,
  means: () => RemakerOptions,
  operation: () => T | Promise<T>,
): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (!isDamagedContent(error)) throw error;
    await heal(error, paths(), means());
    return await operation();
  }
}

async function heal(
  damage: DiagnosticError,
  paths: Iterable<StorePath>,
  options: RemakerOptions,
): Promise<void> {
  const { store, context } = options;
  const remaker = new Remaker(options);
  for (const path of paths) {
    if (await store.mend(path)) continue;
    const remade = await remaker.remake(path);
    if (!remade.ok) throw new DiagnosticError([...damage.diagnostics, ...remade.diagnostics]);
    // What lies on disk of it is still as it was.
    await store.mend(path);
  }
  for (const diagnostic of damage.diagnostics) {
    const { hint: _, ...said } = diagnostic;
    context.emit({
      type: 'diagnostic',
      diagnostic: { ...said, severity: 'warning', hint: 'it was put right' },
    });
  }
}
