import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';

/** A machine of a test: a network namespace with one wire, whose bytes the kernel counts. */
export interface Machine {
  readonly name: string;
  /** As in `10.77.0.2`; others are reached at theirs, and nothing else is. */
  readonly address: string;
  /** Makes the words that start a program there. */
  readonly command: (words: readonly string[]) => readonly [string, ...string[]];
  /** What has gone over its wire since it was made, in bytes, both ways together and with all headers. */
  readonly bytes: () => number;
}

/** Why no networks can be made here, or false. */
export function reasonForNoNetworks(): string | false {
  if (process.platform !== 'linux') return 'network namespaces want Linux';
  const name = `cab-trial-${process.pid}`;
  const trial = ip('netns', 'add', name);
  if (trial.error !== undefined) return 'ip is not installed: apt-get install iproute2';
  if (trial.status !== 0) return `network namespaces want root: ${trial.stderr.trim()}`;
  const bridge = ip('-n', name, 'link', 'add', 'switch', 'type', 'bridge');
  ip('netns', 'del', name);
  return bridge.status === 0 ? false : `no bridge can be made here: ${bridge.stderr.trim()}`;
}

/** Machines that are wired to one switch, and to nothing of this one. Whoever makes them disposes of them. */
export class Networks implements Disposable {
  static #made = 0;
  readonly #prefix = `cab-${process.pid}-${(Networks.#made++).toString(36)}`;
  readonly #namespaces: string[] = [];

  constructor() {
    this.#addNamespace('switch');
    const switches = this.#name('switch');
    must('-n', switches, 'link', 'add', 'switch', 'type', 'bridge');
    must('-n', switches, 'link', 'set', 'switch', 'up');
  }

  /** Adds a machine, with an address of its own. */
  add(name: string): Machine {
    this.#addNamespace(name);
    const [namespace, switches] = [this.#name(name), this.#name('switch')];
    const number = this.#namespaces.length;
    const address = `10.77.0.${number}`;
    const port = `port${number}`;
    const ends = ['eth0', 'netns', namespace, 'type', 'veth', 'peer', 'name', port, 'netns', switches];
    must('link', 'add', ...ends);
    must('-n', switches, 'link', 'set', port, 'master', 'switch');
    must('-n', switches, 'link', 'set', port, 'up');
    must('-n', namespace, 'link', 'set', 'lo', 'up');
    must('-n', namespace, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
    must('-n', namespace, 'link', 'set', 'eth0', 'up');
    return {
      name,
      address,
      command: (words) => ['ip', 'netns', 'exec', namespace, ...words],
      bytes: () => countBytes(namespace),
    };
  }

  [Symbol.dispose](): void {
    for (const namespace of this.#namespaces) ip('netns', 'del', namespace);
  }

  #addNamespace(name: string): void {
    must('netns', 'add', this.#name(name));
    this.#namespaces.push(this.#name(name));
  }

  #name(name: string): string {
    return `${this.#prefix}-${name}`;
  }
}

function countBytes(namespace: string): number {
  const counters = ['rx_bytes', 'tx_bytes'].map((name) => path.join('/sys/class/net/eth0/statistics', name));
  const words = ['netns', 'exec', namespace, 'cat', ...counters];
  const [received = Number.NaN, sent = Number.NaN] = execFileSync('ip', words, { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number);
  return received + sent;
}

function ip(...words: string[]): ReturnType<typeof spawnSync> & { readonly stderr: string } {
  return spawnSync('ip', words, { encoding: 'utf8' });
}

function must(...words: string[]): void {
  const { status, stderr } = ip(...words);
  if (status !== 0) throw new Error(`ip ${words.join(' ')} ended with ${status}: ${stderr}`);
}
