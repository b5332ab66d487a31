import { chmodSync, lstatSync, readdirSync, utimesSync } from 'node:fs';
import path from 'node:path';
import type { DerivationId } from '../../derivations/index.ts';
import {
  type Digest,
  type StorePath,
  compareCodePoints,
  digestOfHashPart,
  hashPartOfStorePath,
  parseStorePath,
  storeFolder,
  unreachable,
} from '../../foundation/index.ts';
import { modeOfBlob, normalisedTime } from '../blobs.ts';
import { decodeDirectory } from '../directory-encoding.ts';
import { errorCode } from '../faults.ts';
import type { OutputRecord } from '../records.ts';
import { sizeOfTree } from '../self-reference.ts';
import { DamagedPlace } from './damaged-place.ts';
import type { VerifyFinding } from './finding.ts';
import { MaterialisedLook } from './on-disk.ts';
import type { StoreParts } from './parts.ts';
import { MaterialisedSources, Wanted, isContent, takeFromLocalFiles, takeFromLocalTrees } from './sources.ts';
import { removeDanglingRows } from './tables.ts';
import { Wholeness, removeBrokenTrees } from './wholeness.ts';

/** What a repair did. `path` is a file of the store, or what names the thing. */
export interface RepairAction {
  readonly kind: 'restored' | 'removed' | 'fetched' | 'made-again' | 'taken-out' | 'materialised';
  readonly path: string;
  /** Where from, or why. */
  readonly detail: string;
}

/** A file or row that was damaged and lies aside. */
interface Aside {
  readonly path: string;
  readonly place: string;
  readonly digest: Digest | undefined;
  readonly executable: boolean;
}

/**
 * Puts right what verify has found, step by step: `mend` with what is on this machine, then whoever can makes again what `broken`
 * names, what is left is taken out, and `finish` clears up. The store works at each point in between.
 */
export class Repair {
  readonly #parts: StoreParts;
  readonly #onAction: (action: RepairAction) => void;
  readonly #damaged: DamagedPlace;
  readonly #aside: Aside[] = [];
  readonly #wanted = new Wanted();
  readonly #named = new Set<Digest>();
  /** Outputs of which it is not known any more what they refer to. */
  readonly #suspects = new Set<StorePath>();

  constructor(parts: StoreParts, onAction: (action: RepairAction) => void) {
    this.#parts = parts;
    this.#onAction = onAction;
    this.#damaged = new DamagedPlace(parts.folder);
  }

  /** Puts right what can be with what is on this machine. */
  async mend(findings: Iterable<VerifyFinding>): Promise<void> {
    for (const finding of findings) await this.#begin(finding);
    this.#noteNamed();
    const { blobs, outputs } = this.#parts;
    const onFound = (digest: Digest, source: string): void => this.#restored(digest, source);
    for (const { digest, executable } of this.#aside) {
      if (digest === undefined || !blobs.has(digest)) continue;
      blobs.file(digest, executable);
      this.#wanted.blobs.delete(digest);
      this.#restored(digest, 'its other variant');
    }
    if (!this.#wanted.isEmpty) await takeFromLocalFiles(this.#wanted, this.#parts, onFound);
    await new MaterialisedSources(this.#wanted, this.#parts, onFound).take(outputs.all());
    if (!this.#wanted.isEmpty) {
      takeFromLocalTrees(this.#wanted, this.#incomplete(), this.#parts, onFound);
    }
  }

  /** The outputs that are not whole, sorted. */
  broken(): StorePath[] {
    const wholeness = new Wholeness(this.#parts);
    const broken = [...this.#suspects];
    for (const record of this.#parts.outputs.all()) {
      if (this.#suspects.has(record.path) || wholeness.ofOutput(record)) continue;
      if (!this.#findTree(record, wholeness)) broken.push(record.path);
    }
    return broken.toSorted(compareCodePoints);
  }

  /** Takes outputs, and what refers to them, out of the store with all that is known of them. */
  takeOut(reasons: ReadonlyMap<StorePath, string>): void {
    const { outputs, metadata, materialisedPath } = this.#parts;
    const taken = metadata.transaction(() => outputs.remove(reasons.keys()));
    for (const output of taken) {
      const place = this.#damaged.take(materialisedPath(output));
      if (place !== undefined) this.#damaged.remove(place);
      const detail = reasons.get(output) ?? 'it refers to what had to be taken out';
      this.#onAction({ kind: 'taken-out', path: output, detail });
    }
  }

  /** Notes an output that was made again, or came from the realizer of this name. */
  madeAgain(output: StorePath, from?: string): void {
    if (from !== undefined) {
      this.#onAction({ kind: 'fetched', path: output, detail: `from the realizer '${from}'` });
      return;
    }
    this.#onAction({ kind: 'made-again', path: output, detail: 'by the derivation that it came from' });
  }

  /** Clears up: what nobody needs goes, and what lies on disk otherwise than it should is made anew. */
  async finish(): Promise<void> {
    removeBrokenTrees(this.#parts);
    this.#removeStrays();
    await this.materialiseAnew(this.#parts.outputs.all());
    const { blobs, trees } = this.#parts;
    for (const { path: file, place, digest } of this.#aside) {
      const isBack = digest !== undefined && (blobs.has(digest) || trees.has(digest));
      const isWorthKeeping = !isBack && digest !== undefined && this.#named.has(digest);
      if (!isWorthKeeping) this.#damaged.remove(place);
      if (isBack) continue;
      const detail = isWorthKeeping ? `what is left of it is kept as '${place}'` : 'nothing needs it';
      this.#onAction({ kind: 'removed', path: file, detail });
    }
    this.#damaged.removeIfEmpty();
  }

  /** The outputs that lack something, as long as something is lacking. */
  *#incomplete(): Generator<OutputRecord> {
    for (const record of this.#parts.outputs.all()) {
      if (this.#wanted.isEmpty) return;
      if (!new Wholeness(this.#parts).ofTree(record.tree)) yield record;
    }
  }

  async #begin(finding: VerifyFinding): Promise<void> {
    const { kind, digest } = finding;
    switch (kind) {
      case 'database-damaged':
      case 'path-wrong':
      case 'materialised-differs':
        return;
      case 'row-dangling':
        for (const output of removeDanglingRows(this.#parts.metadata)) this.#suspects.add(output);
        return this.#removed(finding);
      case 'derivation-corrupt':
        this.#parts.derivers.remove(finding.path as DerivationId);
        return this.#removed(finding);
      case 'blob-mode':
        return this.#setMode(finding.path);
      case 'blob-corrupt':
        return await this.#takeBlob(finding);
      case 'blob-missing':
        if (digest !== undefined) this.#wanted.blobs.add(digest);
        return;
      case 'tree-corrupt':
        return this.#takeTree(finding);
      case 'tree-missing':
        if (digest !== undefined) this.#wanted.trees.add(digest);
        return;
      default:
        return unreachable(kind);
    }
  }

  /** What another process has put right meanwhile stays. */
  async #takeBlob({ path: file, digest }: VerifyFinding): Promise<void> {
    if (digest !== undefined && (await isContent(file, digest))) return;
    const place = this.#damaged.take(file);
    if (place === undefined) return;
    this.#aside.push({ path: file, place, digest, executable: file.endsWith('.x') });
    if (digest !== undefined) this.#wanted.blobs.add(digest);
  }

  #takeTree({ path: name, digest }: VerifyFinding): void {
    if (digest === undefined) return;
    const place = this.#damaged.keep(`tree-${digest}`, this.#parts.trees.storedEncoding(digest));
    this.#parts.trees.remove(digest);
    this.#aside.push({ path: name, place, digest, executable: false });
    this.#wanted.trees.add(digest);
  }

  #setMode(file: string): void {
    try {
      chmodSync(file, modeOfBlob(file.endsWith('.x')));
      utimesSync(file, normalisedTime, normalisedTime);
      this.#onAction({ kind: 'restored', path: file, detail: 'its mode is set' });
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }

  #restored(digest: Digest, source: string): void {
    this.#onAction({ kind: 'restored', path: digest, detail: `from ${source}` });
  }

  #removed({ path: name, detail }: VerifyFinding): void {
    this.#onAction({ kind: 'removed', path: name, detail });
  }

  /** Which of the damaged ones some directory names. */
  #noteNamed(): void {
    const damaged = new Set(this.#aside.map(({ digest }) => digest));
    if (damaged.size === 0) return;
    for (const { encoding } of this.#parts.trees.all()) {
      const { files, directories } = decodeDirectory(encoding);
      for (const { digest } of [...files, ...directories]) if (damaged.has(digest)) this.#named.add(digest);
    }
    for (const { tree } of this.#parts.outputs.all()) if (damaged.has(tree)) this.#named.add(tree);
  }

  /** Where an output's row names a wrong tree, the right one may be there all the same: its path says which. */
  #findTree(record: OutputRecord, wholeness: Wholeness): boolean {
    const tree = digestOfHashPart(hashPartOfStorePath(record.path));
    if (!wholeness.ofTree(tree)) return false;
    const size = sizeOfTree(tree, (digest) => this.#parts.trees.get(digest));
    const { metadata, outputs } = this.#parts;
    metadata.transaction(() => outputs.restore({ ...record, tree, size }));
    this.#onAction({ kind: 'restored', path: record.path, detail: 'from the tree that its path names' });
    return true;
  }

  /** What lies where outputs are materialised and is none. */
  #removeStrays(): void {
    const folder = path.join(this.#parts.folder, 'store');
    for (const name of readdirSync(folder)) {
      const output = parseStorePath(`${storeFolder}/${name}`);
      if (output !== undefined && this.#parts.outputs.has(output)) continue;
      const place = this.#damaged.take(path.join(folder, name));
      if (place !== undefined) this.#damaged.remove(place);
      this.#onAction({
        kind: 'removed',
        path: path.join(folder, name),
        detail: 'it is no output of the store',
      });
    }
  }

  /** Puts outputs on disk anew that lie there otherwise than they should. */
  async materialiseAnew(outputs: Iterable<OutputRecord>): Promise<void> {
    const { trees, blobs, materialisedPath, materialise } = this.#parts;
    const look = { readTree: trees.get.bind(trees), blobFile: blobs.pathOf.bind(blobs) };
    for (const { path: output, tree } of outputs) {
      const target = materialisedPath(output);
      if (lstatSync(target, { throwIfNoEntry: false }) === undefined) continue;
      const findings = new MaterialisedLook(output, look).findings(target, trees.get(tree));
      if ((await findings.next()).done === true) continue;
      const place = this.#damaged.take(target);
      materialise(output);
      if (place !== undefined) this.#damaged.remove(place);
      this.#onAction({ kind: 'materialised', path: target, detail: 'made anew' });
    }
  }
}
