import { devNull, homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { accessSync, constants, existsSync } from 'node:fs';
import { DiagnosticError } from '../diagnostics/index.ts';

/** The environment variables that Cab reads. */
export interface Environment {
  readonly CAB_STORE?: string | undefined;
  readonly CAB_CONFIG?: string | undefined;
  /** What `NODE_EXTRA_CA_CERTS` was when the command was started. */
  readonly CAB_EXTRA_CA_CERTS?: string | undefined;
  readonly XDG_DATA_HOME?: string | undefined;
  readonly XDG_CONFIG_HOME?: string | undefined;
  readonly XDG_CACHE_HOME?: string | undefined;
  readonly XDG_STATE_HOME?: string | undefined;
  readonly XDG_RUNTIME_DIR?: string | undefined;
}

/** Where the system's store lies if it has one: there builds' paths are real paths. */
const systemStore = '/cab';

/**
 * The store's folder: `CAB_STORE`, else the system's where it may be written, else one in the user's data folder.
 *
 * @throws DiagnosticError CAB6008 where the user has no such folder.
 */
export function storeFolderOf(environment: Environment): string {
  if (environment.CAB_STORE) return path.resolve(environment.CAB_STORE);
  if (isWritable(systemStore)) return systemStore;
  const data = userFolder(environment.XDG_DATA_HOME, '.local/share');
  if (data === undefined) throw noHome();
  return path.join(data, 'cab');
}

/**
 * The store of a realizer that serves others, apart from the one that this user's builds have.
 *
 * @throws DiagnosticError CAB6008 where the user has no such folder.
 */
export function realizerStoreFolderOf(environment: Environment): string {
  const data = userFolder(environment.XDG_DATA_HOME, '.local/share');
  if (data === undefined) throw noHome();
  return path.join(data, 'cab-realizer');
}

/** The socket at which a realizer of this user listens; undefined for a user who has no folder for such. */
export function realizerSocketOf({ XDG_RUNTIME_DIR: folder }: Environment): string | undefined {
  return folder !== undefined && path.isAbsolute(folder)
    ? path.join(folder, 'cab', 'realizer.sock')
    : undefined;
}

/**
 * The configuration file: `CAB_CONFIG`, else the one in the user's configuration folder. It need not be there; a user who
 * has no such folder has an empty one.
 */
export function configurationFileOf(environment: Environment): string {
  if (environment.CAB_CONFIG) return path.resolve(environment.CAB_CONFIG);
  const folder = userFolder(environment.XDG_CONFIG_HOME, '.config');
  return folder === undefined ? devNull : path.join(folder, 'cab', 'cab.toml');
}

/** The folder for what can be made again; undefined for a user who has none. */
export function cacheFolderOf(environment: Environment): string | undefined {
  const folder = userFolder(environment.XDG_CACHE_HOME, '.cache');
  return folder === undefined ? undefined : path.join(folder, 'cab');
}

/** Where the repl keeps what was typed; undefined for a user who has no such place. */
export function replHistoryFileOf(environment: Environment): string | undefined {
  const folder = userFolder(environment.XDG_STATE_HOME, '.local/state');
  return folder === undefined ? undefined : path.join(folder, 'cab', 'repl-history');
}

/**
 * The folder that the variable names, else the one in the user's home. What is not absolute counts as not being there, as
 * the XDG Base Directory Specification has it: else it would come to lie in whatever folder a command is started in.
 */
function userFolder(named: string | undefined, inHome: string): string | undefined {
  if (named !== undefined && path.isAbsolute(named)) return named;
  const home = homeFolder();
  return home !== undefined && path.isAbsolute(home) ? path.join(home, inHome) : undefined;
}

/** Undefined for a user whom the system does not know, as in a container. */
function homeFolder(): string | undefined {
  try {
    // As `homedir` does, which takes time to load.
    return process.env['HOME'] || homedir();
  } catch {
    return undefined;
  }
}

function noHome(): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB6008',
    severity: 'error',
    message: 'there is no place for the store: this user has no home folder',
    hint: 'set CAB_STORE to a folder that is to hold the store, or HOME to an absolute path',
  });
}

/** The folder of one of Cab's own islands, such as `packages` or `programs`. */
export function libraryFolder(name: string): string {
  const root = installationFolder();
  return name === 'programs' ? path.join(root, 'dist', 'programs') : path.join(root, 'library', name);
}

let installation: string | undefined;

/** Where this Cab is installed: the nearest folder above this file that holds the library. */
export function installationFolder(): string {
  if (installation !== undefined) return installation;
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'library', 'packages'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error('the folder of the library is missing from this installation');
    folder = parent;
  }
  installation = folder;
  return folder;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
