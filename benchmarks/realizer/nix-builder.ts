import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Machine } from '../../tests/support/networks/index.ts';
import { isInstalled } from '../measure.ts';

/**
 * What builds see of the machine. No path may lie below another one: Nix mounts them as they come, and makes an empty file for a path to
 * be mounted on, which in a folder that is mounted already would be the machine's own file.
 */
const paths = ['/bin/sh', '/usr/bin/cat', '/usr/bin/find', '/usr/bin/wc', '/lib', '/lib64', '/usr/lib'];
const sandbox = `sandbox = true\nsandbox-fallback = false\nsandbox-paths = ${paths.join(' ')}`;
const usual = `${sandbox}\nbuild-users-group =\nsubstitute = false\nexperimental-features = nix-command`;

const port = 2222;
const sshServer = '/usr/sbin/sshd';

/** A machine on which Nix builds for another one, over ssh. */
export interface NixBuilder {
  /** What makes the other one's Nix have it build everything there, with a store of its own in a folder. */
  readonly environment: (folder: string) => Readonly<Record<string, string>>;
  /** Where its store is. */
  readonly store: string;
  /** Where the other one's Nix keeps what it has fetched. */
  readonly cache: string;
  readonly stop: () => Promise<unknown>;
}

/** Starts what Nix needs on a machine; undefined, with a word, where something is not installed. */
export async function startNixBuilder(folder: string, machine: Machine): Promise<NixBuilder | undefined> {
  if (!isInstalled('nix-build') || !existsSync(sshServer)) {
    console.log('\nNix over ssh is not installed: apt-get install nix-bin openssh-server');
    return undefined;
  }
  mkdirSync(folder);
  for (const name of ['host', 'user']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, name)]);
  }
  copyFileSync(path.join(folder, 'user.pub'), path.join(folder, 'authorized'));
  const store = path.join(folder, 'store');
  const daemon = path.join(folder, 'daemon.sh');
  writeFileSync(daemon, daemonScript(store));
  chmodSync(daemon, 0o755);
  const configuration = path.join(folder, 'sshd.conf');
  writeFileSync(configuration, sshConfiguration(folder, machine));
  // Where sshd goes while it does not know yet who comes.
  mkdirSync('/run/sshd', { recursive: true });
  const [program, ...words] = machine.command([sshServer, '-D', '-e', '-f', configuration]);
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'close');
  await listening(child.stderr, ended);
  const user = path.join(folder, 'user');
  const address = `ssh-ng://root@${machine.address}?remote-program=${daemon}`;
  return {
    store,
    cache: path.join(folder, '.cache'),
    environment: (own) => ({
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      NIX_REMOTE: own,
      NIX_SSHOPTS: `-p ${port} -i ${user} -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o LogLevel=ERROR`,
      NIX_CONFIG: `${usual}\nmax-jobs = 0\nbuilders = ${address} x86_64-linux ${user} 8 1\ntarball-ttl = 0`,
    }),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

const daemonScript = (store: string): string => `#!/bin/sh
export NIX_REMOTE='${store}' NIX_CONFIG='${usual}
trusted-users = root'
exec nix-daemon "$@"
`;

const sshConfiguration = (folder: string, { address }: Machine): string => `Port ${port}
ListenAddress ${address}
HostKey ${path.join(folder, 'host')}
AuthorizedKeysFile ${path.join(folder, 'authorized')}
StrictModes no
UsePAM no
PidFile none
PermitRootLogin yes
PasswordAuthentication no
`;

async function listening(errors: NodeJS.ReadableStream, ended: Promise<unknown>): Promise<void> {
  let text = '';
  await new Promise<void>((resolve, reject) => {
    errors.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('Server listening')) resolve();
    });
    void ended.then(() => reject(new Error(`sshd ended:\n${text}`)));
  });
}
