import { type Diagnostic, DiagnosticError, didYouMean } from '../diagnostics/index.ts';
import type { Project } from './project.ts';

/**
 * Called when all is evaluated.
 *
 * @throws DiagnosticError CAB3104 or CAB3106 where the command line names an island that none of the projects needs.
 */
export function checkNamedIslands(projects: readonly Project[]): void {
  const needed = new Set(projects.flatMap((project) => [...project.islandKeys]));
  const asked = new Set(projects.flatMap(({ lock }) => lock.namedForUpdate));
  const overridden = new Set(projects.flatMap(({ unusedOverrides }) => unusedOverrides));
  for (const project of projects) {
    for (const key of overridden) if (!project.unusedOverrides.includes(key)) overridden.delete(key);
  }
  const unneeded = [
    ...[...asked].filter((key) => !needed.has(key)).map((key) => notNeeded('CAB3104', key, needed)),
    ...[...overridden].map((key) => notNeeded('CAB3106', key, needed)),
  ];
  if (unneeded.length > 0) throw new DiagnosticError(unneeded);
}

function notNeeded(code: 'CAB3104' | 'CAB3106', key: string, needed: ReadonlySet<string>): Diagnostic {
  const list = [...needed].toSorted().join(', ');
  const fate = code === 'CAB3104' ? 'asked again' : 'overridden';
  return {
    code,
    severity: 'error',
    message: `the island '${key}' is to be ${fate}, but nothing needs it`,
    hint: didYouMean(key, needed) ?? (list === '' ? 'nothing needs any island' : `needed are ${list}`),
  };
}
