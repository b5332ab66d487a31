import path from 'node:path';
import { readText } from './read-text.ts';

/** The variables of the environment by which git finds its configuration. */
export type GitEnvironment = Readonly<Record<string, string | undefined>>;

/** What git's configuration says: the last value of each `section.key`, in small letters, or `section.subsection.key`. */
export type GitConfig = ReadonlyMap<string, string>;

/** How deep files may include others. */
const depthLimit = 10;

/** The configuration that counts for a repository: that of the system, of the user, and its own files, in this order. */
export function readGitConfig(ownFiles: readonly string[], environment: GitEnvironment): GitConfig {
  const config = new Map<string, string>();
  for (const file of [...commonFiles(environment), ...ownFiles]) readInto(config, file, environment, 0);
  return config;
}

/** Where the user's own patterns lie. A value may be a path below the home, or relative to the top of the work tree. */
export function excludesFileOf(
  config: GitConfig,
  top: string,
  environment: GitEnvironment,
): string | undefined {
  const named = config.get('core.excludesfile');
  if (named === '') return undefined;
  if (named !== undefined) return path.resolve(top, withHome(named, environment));
  const folder = configurationFolder(environment);
  return folder === undefined ? undefined : path.join(folder, 'ignore');
}

export function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(true|yes|on|[1-9][0-9]*)$/i.test(value);
}

function commonFiles(environment: GitEnvironment): readonly string[] {
  const { GIT_CONFIG_NOSYSTEM, GIT_CONFIG_SYSTEM, GIT_CONFIG_GLOBAL, HOME } = environment;
  const system = isTrue(GIT_CONFIG_NOSYSTEM) ? [] : [GIT_CONFIG_SYSTEM ?? '/etc/gitconfig'];
  if (GIT_CONFIG_GLOBAL !== undefined) return [...system, GIT_CONFIG_GLOBAL];
  const folder = configurationFolder(environment);
  const user = folder === undefined ? [] : [path.join(folder, 'config')];
  return [...system, ...user, ...(HOME ? [path.join(HOME, '.gitconfig')] : [])];
}

/** The folder of the user's files for git. */
function configurationFolder({ XDG_CONFIG_HOME, HOME }: GitEnvironment): string | undefined {
  if (XDG_CONFIG_HOME) return path.join(XDG_CONFIG_HOME, 'git');
  return HOME ? path.join(HOME, '.config', 'git') : undefined;
}

function withHome(file: string, { HOME }: GitEnvironment): string {
  return HOME && file.startsWith('~/') ? path.join(HOME, file.slice(2)) : file;
}

function readInto(
  config: Map<string, string>,
  file: string,
  environment: GitEnvironment,
  depth: number,
): void {
  const text = readText(file);
  if (text === undefined) return;
  for (const [name, value] of settingsIn(text)) {
    config.set(name, value);
    if (name !== 'include.path' || depth === depthLimit) continue;
    const included = path.resolve(path.dirname(file), withHome(value, environment));
    readInto(config, included, environment, depth + 1);
  }
}

/** The settings of one file, in their order. https://git-scm.com/docs/git-config#_syntax */
function* settingsIn(text: string): Generator<readonly [string, string]> {
  let section = '';
  for (const line of text.replaceAll('\\\n', '').split(/\r?\n/)) {
    const [heading, name = '', subsection] =
      /^\s*\[\s*([\w.-]+)\s*(?:"((?:\\.|[^"\\])*)")?\s*\]/.exec(line) ?? [];
    if (heading !== undefined) {
      const inner = subsection === undefined ? '' : `.${subsection.replace(/\\(.)/g, '$1')}`;
      section = `${name.toLowerCase()}${inner}`;
    }
    const setting = /^\s*([A-Za-z][\w-]*)\s*(?:=(.*))?$/.exec(line.slice(heading?.length ?? 0));
    if (setting?.[1] === undefined) continue;
    yield [`${section}.${setting[1].toLowerCase()}`, setting[2] === undefined ? 'true' : valueOf(setting[2])];
  }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b' };

/** A value without its quotes, without a comment behind it, and without the white space around it. */
function valueOf(written: string): string {
  let value = '';
  let isQuoted = false;
  let kept = 0;
  for (const [part] of written.trimStart().matchAll(/\\.|[^]/g)) {
    if (part === '"') isQuoted = !isQuoted;
    else if (!isQuoted && /[#;]/.test(part)) break;
    else value += part.length === 2 ? (escapes[part[1] as string] ?? part[1]) : part;
    if (isQuoted || part.length === 2 || part.trim() !== '') kept = value.length;
  }
  return value.slice(0, kept);
}
