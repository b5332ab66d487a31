import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Diagnostic, DiagnosticError } from '../diagnostics/index.ts';
import {
  type ListenAddress,
  type ServerConfiguration,
  formatListenAddress,
  isOfThisMachine,
  listenForms,
  newToken,
  ownerOf,
  parseListenAddressIn,
  readServerConfiguration,
  usualRights,
  unbounded,
} from '../realizer/server/index.ts';
import { type Environment, realizerSocketOf, realizerStoreFolderOf } from '../workspace/index.ts';
import { UsageError } from './options.ts';

export interface ServeWords {
  readonly environment: NodeJS.ProcessEnv & Environment;
  /** Where relative paths of the command line begin. */
  readonly folder: string;
  readonly config: string | undefined;
  readonly listen: readonly string[];
  readonly store: string | undefined;
  readonly metrics: string | undefined;
  readonly allowAnonymous: boolean;
}

/** What a server is started with: its file, what the command line says besides, and what is usual where neither says anything. */
export interface ServeSetup {
  readonly configuration: ServerConfiguration;
  readonly storeFolder: string;
  /** Of its one client, where nobody has configured any; undefined where somebody has. */
  readonly token: string | undefined;
  readonly warnings: readonly Diagnostic[];
}

const usualAddress: ListenAddress = { kind: 'tcp', host: '127.0.0.1', port: 8980 };

export function readSetup(words: ServeWords): ServeSetup {
  const { environment, folder, config } = words;
  const warnings: Diagnostic[] = [];
  const read = readServerConfiguration({
    file: config === undefined ? undefined : path.resolve(folder, config),
    extraAuthorities: environment.CAB_EXTRA_CA_CERTS,
    warn: (diagnostic) => warnings.push(diagnostic),
  });
  const told = withWords(read, words);
  const needsToken = config === undefined && !isOpenToSomebody(told);
  const token = needsToken ? newToken() : undefined;
  const configuration = token === undefined ? told : { ...told, clients: [ownerOf(token)] };
  if (!isOpenToSomebody(configuration)) throw nobodyMay(config as string);
  warnings.push(...warningsOf(configuration));
  return {
    configuration,
    storeFolder: words.store ?? configuration.store.folder ?? realizerStoreFolderOf(environment),
    token: token?.token,
    warnings,
  };
}

function withWords(configuration: ServerConfiguration, words: ServeWords): ServerConfiguration {
  const { folder, listen, metrics, allowAnonymous } = words;
  const named = listen.map((text) => addressOf('listen', text, folder));
  const anonymous = allowAnonymous ? { may: usualRights, ...unbounded } : configuration.anonymous;
  return {
    ...configuration,
    anonymous,
    listen: firstNotEmpty(named, configuration.listen, () => [usualListen(words.environment)]),
    metricsListen:
      metrics === undefined ? configuration.metricsListen : addressOf('metrics', metrics, folder),
  };
}

function firstNotEmpty(
  first: readonly ListenAddress[],
  second: readonly ListenAddress[],
  usual: () => readonly ListenAddress[],
): readonly ListenAddress[] {
  if (first.length > 0) return first;
  return second.length > 0 ? second : usual();
}

/** The user's own socket, in a folder that nobody else can look into. */
function usualListen(environment: Environment): ListenAddress {
  const socket = realizerSocketOf(environment);
  if (socket === undefined) return usualAddress;
  mkdirSync(path.dirname(socket), { recursive: true, mode: 0o700 });
  return { kind: 'unix', path: socket };
}

function addressOf(option: string, text: string, folder: string): ListenAddress {
  const address = parseListenAddressIn(folder, text);
  if (address.ok) return address.value;
  throw new UsageError(`--${option} takes an address, and '${text}' is none: ${address.fault}`, listenForms);
}

function isOpenToSomebody({ listen, clients, anonymous }: ServerConfiguration): boolean {
  return clients.length > 0 || anonymous !== undefined || listen.some(({ kind }) => kind === 'unix');
}

function nobodyMay(config: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB6036',
    severity: 'error',
    message: `nobody may use the realizer that '${config}' describes: it names no clients`,
    hint: "'cab realizer token' makes a token for one, and tells what to write; [anonymous] lets everybody in",
  });
}

function warningsOf({ listen, tls, clients }: ServerConfiguration): readonly Diagnostic[] {
  const open = listen.filter((address) => !isOfThisMachine(address));
  if (open.length === 0 || tls !== undefined || !clients.some(({ tokenSha256 }) => tokenSha256)) return [];
  return [
    {
      code: 'CAB6034',
      severity: 'warning',
      message: `tokens go to ${open.map(formatListenAddress).join(', ')} over connections that others can read`,
      hint: 'name a certificate and its key in [tls]',
    },
  ];
}
