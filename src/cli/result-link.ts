import { lstatSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { DiagnosticError } from '../diagnostics/index.ts';
import { clearBeside, nameBeside } from '../workspace/index.ts';

/** Makes or moves the link to a result in one step; never puts it in the place of something else. */
export function linkResult(link: string, target: string): void {
  const before = lstatSync(link, { throwIfNoEntry: false });
  if (before !== undefined && !before.isSymbolicLink()) {
    throw cannotLink(link, 'something that is not a link is there', 'choose another name with --out-link');
  }
  clearBeside(link);
  const temporary = nameBeside(link);
  try {
    symlinkSync(target, temporary);
    renameSync(temporary, link);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw cannotLink(
      link,
      (error as NodeJS.ErrnoException).code ?? String(error),
      'build with --no-link, or elsewhere',
    );
  }
}

function cannotLink(link: string, why: string, hint: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB6005',
    severity: 'error',
    message: `the link '${link}' cannot be made: ${why}`,
    notes: ['the build itself is done and kept'],
    hint,
  });
}
