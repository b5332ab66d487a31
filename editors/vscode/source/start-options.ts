import { homedir } from 'node:os';
import path from 'node:path';

/** How the language server is started. */
export interface StartOptions {
  readonly command: string;
  readonly args: string[];
  readonly options: { readonly cwd?: string };
}

/**
 * How the language server is started, by the setting `cab.path`. A name is looked for in `PATH`; a path may begin with `~/`
 * or `${workspaceFolder}/`, and a relative one begins in the folder that is open.
 */
export function startOptions(setting: string | undefined, folder: string | undefined): StartOptions {
  return {
    command: resolveCommand(setting?.trim() || 'cab', folder),
    args: ['lsp', '--stdio'],
    options: folder === undefined ? {} : { cwd: folder },
  };
}

function resolveCommand(setting: string, folder: string | undefined): string {
  const expanded = setting
    .replace(/^~(?=[/\\])/, () => homedir())
    .replace(/^\$\{workspaceFolder\}(?=[/\\])/, () => folder ?? '.');
  const isName = !/[/\\]/.test(expanded);
  return isName || folder === undefined ? expanded : path.resolve(folder, expanded);
}
