import { type Derivation, makeDerivation } from '../../../src/derivations/index.ts';
import { DiagnosticError } from '../../../src/diagnostics/index.ts';
import {
  type StorePath,
  digestOf,
  hashPartOf,
  storePath,
  toStoreName,
} from '../../../src/foundation/index.ts';
import {
  EffectNeeded,
  type EntryKind,
  type IslandValue,
  type Root,
  type TreePath,
  type World,
} from '../../../src/language/evaluation/index.ts';

/** A world in memory: files by the key of their root and their path, islands without an origin. */
export class MemoryWorld implements World {
  readonly root: Root = { key: 'local', display: '.' };
  /** What was asked of the world, in order. */
  readonly asked: string[] = [];
  readonly traced: string[] = [];
  readonly #files = new Map<string, string | Uint8Array>();
  readonly #pending = new Set<string>();

  /** Files of the local tree, or with `island:key:/path` of an island. */
  constructor(files: Readonly<Record<string, string | Uint8Array>> = {}) {
    for (const [path, content] of Object.entries(files)) {
      this.#files.set(path.startsWith('/') ? `local:${path}` : path, content);
    }
  }

  /** Makes each first reading of the files need an effect, until `settle` has been called with what it needs. */
  postpone(...paths: readonly string[]): void {
    for (const path of paths) this.#pending.add(path);
  }

  settle(effect: unknown): void {
    this.#pending.delete(String(effect));
  }

  readFile(path: TreePath): Uint8Array {
    const key = this.#ask('readFile', path);
    if (this.#pending.has(path.path)) throw new EffectNeeded(path.path);
    const content = this.#files.get(key);
    if (content === undefined) throw this.#missing(path);
    return typeof content === 'string' ? new TextEncoder().encode(content) : content;
  }

  readDirectory(path: TreePath): ReadonlyMap<string, EntryKind> {
    const prefix = `${this.#ask('readDirectory', path).replace(/\/$/, '')}/`;
    const entries = new Map<string, EntryKind>();
    for (const key of this.#files.keys()) {
      if (!key.startsWith(prefix)) continue;
      const [name = '', ...rest] = key.slice(prefix.length).split('/');
      entries.set(name, rest.length === 0 ? 'file' : 'directory');
    }
    if (entries.size === 0) throw this.#missing(path);
    return entries;
  }

  entryKind(path: TreePath): EntryKind | undefined {
    const key = this.#ask('entryKind', path);
    if (this.#files.has(key)) return 'file';
    const prefix = `${key.replace(/\/$/, '')}/`;
    return this.#files.keys().some((other) => other.startsWith(prefix)) ? 'directory' : undefined;
  }

  addToStore(path: TreePath): StorePath {
    const key = this.#ask('addToStore', path);
    return storePath(hashPartOf(digestOf(key)), toStoreName(path.path.slice(path.path.lastIndexOf('/') + 1)));
  }

  island(
    type: string,
    body: string | Readonly<Record<string, string | boolean>>,
    subtree: string,
  ): IslandValue {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const key = `${type}:${text}${subtree === '' ? '' : `::/${subtree}`}`;
    this.asked.push(`island ${key}`);
    return { key, root: { key: `island:${key}`, display: `<${key}>` } };
  }

  toDerivation(island: IslandValue): Derivation {
    this.asked.push(`toDerivation ${island.key}`);
    return makeDerivation({
      name: 'source',
      builder: '/fetch.wasm',
      arguments: [island.key],
      environment: {},
      inputs: { derivations: [], trees: [] },
      outputs: ['out'],
      requiredRealizerFeatures: ['wasm'],
      fix: { kind: 'self' },
    });
  }

  outputRoot(derivation: Derivation, output: string): Root {
    return { key: `output:${derivation.name}:${output}`, display: `«${derivation.name}»` };
  }

  trace(text: string): void {
    this.traced.push(text);
  }

  #ask(question: string, path: TreePath): string {
    const key = `${path.root.key}:${path.path}`;
    this.asked.push(`${question} ${key}`);
    return key;
  }

  #missing(path: TreePath): Error {
    return new DiagnosticError({
      code: 'CAB5004',
      severity: 'error',
      message: `there is no file at ${path.root.display}${path.path}`,
    });
  }
}
