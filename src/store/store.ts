import path from 'node:path';
import type { Claim, DerivationId } from '../derivations/index.ts';
import {
  type Digest,
  type StorePath,
  type Sha256,
  baseNameOfStorePath,
  digestOf,
  hashPartOfStorePath,
} from '../foundation/index.ts';
import { ActionResults } from './action-results.ts';
import { type NativeOutput, takeNativeOutput } from './add-output.ts';
import { type BuiltTree, type PreparedTree, prepareTree } from './add-tree.ts';
import { type ArchivedOutput, exportArchive, importArchive } from './archive/index.ts';
import { type BlobReference, Blobs } from './blobs.ts';
import { BoundedCache } from './bounded-cache.ts';
import { Collection, type CollectionOptions } from './collection/collection.ts';
import { sizeOfStore } from './collection/size.ts';
import { isDurable, makeDurable } from './durability.ts';
import { encodeDirectory } from './directory-encoding.ts';
import { type Directory, type Entry, directoryOf } from './directory.ts';
import { Derivers } from './derivers.ts';
import {
  type ContentSource,
  type ExchangedOutput,
  KnownTrees,
  type Lacking,
  type OutputReceiver,
  PossibleMentions,
  findClosure,
  findOutputs,
  sendOutputs,
  storedSource,
  takeOutputs,
  takeTrees,
} from './exchange/index.ts';
import { notInStore, onDisk, onDiskLater } from './faults.ts';
import { Helper } from './helper/helper.ts';
import { prepareLayout } from './layout.ts';
import { KnownContents } from './known-contents.ts';
import { type LocalOptions, addLocalTree } from './local/add-local.ts';
import { type LockOptions, Locks } from './lock.ts';
import { Logs } from './logs.ts';
import { lookupInTree } from './lookup.ts';
import { materialiseTree } from './materialise.ts';
import { Metadata } from './metadata.ts';
import { NamedOutputs } from './named-outputs.ts';
import { type ImagePlatform, ociImage } from './oci/index.ts';
import { Outputs } from './outputs.ts';
import type {
  ClaimRecord,
  DerivationRecord,
  Deriver,
  KnownContent,
  KnownContentRecord,
  OutputRecord,
  Realisation,
  Sha256Directory,
  Sha256Reference,
} from './records.ts';
import { type LockReader, RootLook, type Root, type RootState, Roots } from './roots.ts';
import { Session } from './session.ts';
import { type Hashed, Sha256Digests } from './sha256-digests.ts';
import { type TemporaryFolder, TemporaryPlace } from './temporary.ts';
import { Trees } from './trees.ts';
import { examineTree } from './verification/examine.ts';
import { mendOutput } from './verification/mend-output.ts';
import type { StoreParts } from './verification/parts.ts';
import { Repair, type RepairAction } from './verification/repair.ts';
import { type Salvaged, salvageDatabase } from './verification/salvage.ts';
import { VerifiedReader } from './verified-reader.ts';
import { Wholeness } from './verification/wholeness.ts';
import { Verification } from './verification/verification.ts';

/** What becomes true at once: outputs that are there now, what they came from, and what is claimed of them. */
export interface Change {
  readonly outputs: readonly OutputRecord[];
  /** Outputs that are in another store: what is said of them here can be known, though they are not there. */
  readonly elsewhere?: readonly OutputRecord[];
  readonly realisations?: readonly Realisation[];
  readonly claims?: readonly ClaimRecord[];
  readonly contents?: readonly KnownContentRecord[];
  readonly derivations?: readonly DerivationRecord[];
}

export interface StoreOptions {
  /** Whether all that is put into it is on the disk before it is recorded, so that a power cut harms nothing that is recorded. */
  readonly durable?: boolean;
  /**
   * Whether it serves others, and is collected meanwhile: marks of use are made anew each second and not each minute, so that what was used
   * shortly before the oldest work can be collected. The machine's clock has to be one that is never set back by more than a second.
   */
  readonly serves?: boolean;
}

/** Of how many outputs it is remembered that what lies on disk of them was looked at. */
const examinedLimit = 100_000;

/**
 * A store: blobs, trees and outputs in one folder. Several processes may have the same one open. Every method that writes
 * throws a DiagnosticError CAB5002 where the disk is full, and leaves nothing half-written.
 */
export class Store {
  readonly folder: string;
  readonly blobs: Blobs;
  readonly logs: Logs;
  readonly named: NamedOutputs;
  readonly actionResults: ActionResults;
  /** What blobs may mention of outputs: to be told by whoever has looked at them on their way in. */
  readonly mentions: PossibleMentions;
  readonly #metadata: Metadata;
  readonly #trees: Trees;
  readonly #outputs: Outputs;
  readonly #contents: KnownContents;
  readonly #derivers: Derivers;
  readonly #knownTrees = new KnownTrees();
  readonly #sha256: Sha256Digests;
  readonly #temporary: TemporaryPlace;
  readonly #session: Session;
  readonly #roots: Roots;
  readonly #locks: Locks;
  readonly #helper: Helper;
  /** What lies on disk of these outputs was looked at. */
  readonly #examined = new BoundedCache<StorePath, true>(examinedLimit);
  readonly #readTree = (digest: Digest): Directory => this.#trees.get(digest);

  private constructor(folder: string, session: Session) {
    this.folder = folder;
    this.blobs = new Blobs(folder);
    this.mentions = new PossibleMentions(this.blobs);
    this.#session = session;
    this.#temporary = new TemporaryPlace(folder);
    this.#locks = new Locks(folder);
    this.#helper = new Helper(folder);
    const durability = isDurable(folder) ? { sync: () => this.blobs.sync() } : undefined;
    const metadata = new Metadata(folder, durability);
    const trees = new Trees(metadata, session);
    const outputs = new Outputs(metadata, session);
    this.#contents = new KnownContents({ metadata, blobs: this.blobs, trees, outputs });
    this.#sha256 = new Sha256Digests({ metadata, blobs: this.blobs, trees });
    this.named = new NamedOutputs(metadata);
    this.actionResults = new ActionResults(metadata, session);
    this.#derivers = new Derivers(metadata);
    this.#metadata = metadata;
    this.#trees = trees;
    this.#outputs = outputs;
    this.#roots = new Roots(metadata);
    this.logs = new Logs(folder, this.#temporary);
  }

  /**
   * Opens the store in the folder, which is made where it is missing, and clears away what dead processes left.
   *
   * @throws DiagnosticError CAB5001 where it cannot be used (not writable, of another version, damaged).
   */
  static open(folder: string, options: StoreOptions = {}): Store {
    const absolute = path.resolve(folder);
    if (options.durable === true) makeDurable(absolute);
    prepareLayout(absolute);
    const session = Session.open(absolute, options.serves === true ? 'serving' : 'work');
    try {
      const store = new Store(absolute, session);
      onDisk(absolute, () => store.#temporary.removeLeftovers());
      return store;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  /**
   * Puts a new database in the place of one that is damaged, with what of it can be read and proves to be right; undefined where it is
   * as it should be. Nobody else may have the store open.
   */
  static salvage(folder: string): Salvaged | undefined {
    const absolute = path.resolve(folder);
    return onDisk(absolute, () => salvageDatabase(absolute));
  }

  close(): void {
    this.#locks.close();
    this.#helper.close();
    this.#metadata.close();
    this.#session.close();
  }

  /**
   * Says that all work from before this time, in milliseconds since 1970, is over. A process that serves one after the other moves
   * it to where the oldest that is still going on began, so that what was used for earlier ones can be collected.
   */
  moveSessionStart(startMs: number): void {
    this.#session.moveStart(startMs);
  }

  putTree(encoding: Uint8Array): BlobReference {
    return this.#trees.put(encoding);
  }

  /** Puts directories in one transaction. */
  putTrees(encodings: Iterable<Uint8Array>): void {
    this.#metadata.transaction(() => {
      for (const encoding of encodings) this.#trees.put(encoding);
    });
  }

  hasTree(digest: Digest): boolean {
    return this.#trees.has(digest);
  }

  /** Which of the directories are there, with the sizes of their encodings in bytes. They stay while this store is open. */
  useTrees(digests: Iterable<Digest>): ReadonlyMap<Digest, number> {
    return this.#trees.useAll(digests);
  }

  /** @throws DiagnosticError CAB5004 where there is no such directory. */
  getTree(digest: Digest): Directory {
    return this.#trees.get(digest);
  }

  /** A directory's canonical encoding. @throws DiagnosticError CAB5004 where there is no such directory. */
  getTreeEncoding(digest: Digest): Uint8Array {
    return this.#trees.encoding(digest);
  }

  /** Whether an output is there now. A collection may take it a moment later: whoever is to rely on it asks by `use`. */
  has(storePath: StorePath): boolean {
    return this.#outputs.has(storePath);
  }

  /** Which of the outputs are there. None of them, nor anything that they refer to, is collected while this store is open. */
  use(paths: Iterable<StorePath>): ReadonlySet<StorePath> {
    return this.#outputs.use(paths);
  }

  get(storePath: StorePath): OutputRecord | undefined {
    return this.#outputs.get(storePath);
  }

  /** The outputs and all that they refer to, sorted. @throws DiagnosticError CAB5004 where one is not there. */
  closure(paths: Iterable<StorePath>): StorePath[] {
    return this.#outputs.closure(paths);
  }

  /** What a derivation's output came out as, be it that it is not there any more. */
  findRealisation(derivation: DerivationId, output: string): StorePath | undefined {
    return this.#outputs.findRealisation(derivation, output);
  }

  /** The output of which this was claimed, if it is there: then it is used. */
  findClaim(scope: DerivationId, claim: Claim): StorePath | undefined {
    return this.#outputs.findClaim(scope, claim);
  }

  /** The output of which this was claimed, be it that it is not there any more. */
  recallClaim(scope: DerivationId, claim: Claim): StorePath | undefined {
    return this.#outputs.recallClaim(scope, claim);
  }

  /** Whether anything was ever claimed within the scope of an output that is there. */
  hasClaims(scope: DerivationId): boolean {
    return this.#outputs.hasClaims(scope);
  }

  claimsOf(scope: DerivationId, storePath: StorePath): Claim[] {
    return this.#outputs.claimsOf(scope, storePath);
  }

  /** The derivations that an output was made by. A local tree has none, and neither has what an older Cab made. */
  derivers(storePath: StorePath): Deriver[] {
    return this.#derivers.of(storePath);
  }

  /** The part of an output that a program has named by the id, if it is there: then the output is used. */
  findContent(program: Digest, id: string): KnownContent | undefined {
    return this.#contents.find(program, id);
  }

  /**
   * The SHA-256 of a blob, or of a directory in its SHA-256 form; computed when first asked for, and kept.
   *
   * @throws DiagnosticError CAB5003 where it is damaged, CAB5004 where it is not there.
   */
  sha256Of(hashed: Hashed, signal?: AbortSignal): Promise<Sha256Reference> {
    return this.#sha256.of(hashed, signal);
  }

  /** Every directory of a tree in its SHA-256 form, once, the root first; each is made when it is asked for. */
  sha256Directories(tree: Digest, signal?: AbortSignal): AsyncGenerator<Sha256Directory> {
    return this.#sha256.directories(tree, signal);
  }

  /** The SHA-256 form of a directory. @throws DiagnosticError as `sha256Of` does. */
  sha256Encoding(tree: Digest, signal?: AbortSignal): Promise<Uint8Array> {
    return this.#sha256.encoding(tree, signal);
  }

  /** What is known by these digests of SHA-256. Whether it is there is for `blobs` and `useTrees` to tell. */
  findBySha256(digests: Iterable<Sha256>): ReadonlyMap<Sha256, readonly KnownContent[]> {
    return this.#sha256.find(digests);
  }

  /** Notes what the caller has hashed with both functions, and put. */
  noteSha256(known: readonly { readonly hashed: Hashed; readonly reference: Sha256Reference }[]): void {
    this.#sha256.note(known);
  }

  /** A blob's content piece by piece, the last one when all is verified; a piece holds only until the next one is asked for. */
  verifiedPieces({ digest, size }: BlobReference): Generator<Uint8Array> {
    return new VerifiedReader(this.blobs).chunks(digest, size);
  }

  /** Records a change in one transaction. All that the outputs are made of and refer to is there, or in the change. */
  commit(change: Change): void {
    this.#metadata.transaction(() => {
      this.#outputs.add(change.outputs);
      this.#outputs.note(change.elsewhere ?? []);
      for (const realisation of change.realisations ?? []) this.#outputs.addRealisation(realisation);
      for (const claim of change.claims ?? []) this.#outputs.addClaim(claim);
      this.#contents.add(change.contents ?? []);
      for (const derivation of change.derivations ?? []) this.#derivers.add(derivation);
    });
  }

  /**
   * What lies at `inner` (`/`, `/a/b`) of an output, or undefined, be it that the output is not there. Symbolic links are
   * followed within the tree, the last one is not.
   */
  lookup(storePath: StorePath, inner: string): Entry | undefined {
    const tree = this.#outputs.treeOf(storePath);
    if (tree === undefined) return undefined;
    return lookupInTree(storePath, this.#trees.get(tree), inner, this.#readTree);
  }

  /** Puts an output on disk, read-only, and says where. @throws DiagnosticError CAB5004 where it is not in the store. */
  materialise(storePath: StorePath): string {
    const tree = this.#outputs.treeOf(storePath);
    if (tree === undefined) throw notInStore(`'${storePath}'`);
    const target = this.materialisedPath(storePath);
    const parts = {
      blobs: this.blobs,
      helper: this.#helper,
      readTree: this.#readTree,
      temporary: this.#temporary,
      durable: isDurable(this.folder),
    };
    const isMade = onDisk(this.folder, () => materialiseTree(tree, target, parts));
    if (isMade) this.#examined.set(storePath, true, 1);
    return target;
  }

  /**
   * Puts an output on disk for somebody to rely on. What lies there already is looked at, once as long as this store is open.
   *
   * @throws DiagnosticError CAB5010 where somebody has written to it, CAB5004 where it is not in the store.
   */
  materialiseChecked(storePath: StorePath): string {
    const target = this.materialise(storePath);
    if (this.#examined.get(storePath) !== undefined) return target;
    const tree = this.#outputs.treeOf(storePath);
    if (tree === undefined) throw notInStore(`'${storePath}'`);
    examineTree(target, this.#trees.get(tree), this.#readTree);
    this.#examined.set(storePath, true, 1);
    return target;
  }

  /** Where an output lies on disk once it is materialised. */
  materialisedPath(storePath: StorePath): string {
    return path.join(this.folder, 'store', baseNameOfStorePath(storePath));
  }

  /**
   * Takes in what a native build left on the store's disk: files are moved, not copied, and nothing of use stays at the source.
   * The output is whole but not recorded: that is for `commit`.
   *
   * @throws DiagnosticError CAB5005 where there is a file that the store cannot hold.
   */
  async addOutput(output: NativeOutput): Promise<OutputRecord> {
    return (await this.takeOutput(output)).add(new Map());
  }

  /** The same, up to where it is known which other outputs of its build it mentions: these have to be added before it. */
  takeOutput(output: NativeOutput): Promise<PreparedTree> {
    const place = {
      blobs: this.blobs,
      helper: this.#helper,
      prepareTree: (built: BuiltTree, chunks: ChunksOf) => this.#prepare(built, chunks),
    };
    return onDiskLater(this.folder, () => takeNativeOutput(output, place));
  }

  /** Takes in a tree whose blobs are in the store. It is whole afterwards but not recorded: that is for `commit`. */
  addTree(built: BuiltTree): OutputRecord {
    return this.prepareTree(built).add(new Map());
  }

  /** The same, up to where it is known which other outputs of its build it mentions. */
  prepareTree(built: BuiltTree): PreparedTree {
    return this.#prepare(built, (digest) => this.blobs.chunks(digest));
  }

  /** Takes what lies at `inner` of an output as an output of its own, and records it; undefined where nothing lies there. */
  addPart(storePath: StorePath, inner: string, name: string): StorePath | undefined {
    const entry = this.#outputs.use([storePath]).has(storePath) ? this.lookup(storePath, inner) : undefined;
    if (entry === undefined) return undefined;
    const encoding = encodeDirectory(directoryOf(entry));
    const references = this.#outputs.get(storePath)?.references ?? [];
    const part = this.addTree({
      root: digestOf(encoding),
      encodings: [encoding],
      name,
      references: new Set(references.map(hashPartOfStorePath)),
      candidates: references,
    });
    this.commit({ outputs: [part] });
    return part.path;
  }

  /**
   * Takes in a folder or file of the machine, without what git ignores, or `.cabignore` outside of git, and records it. A second
   * time looks at no more than the files' status.
   *
   * @throws DiagnosticError CAB5005 where there is a file that the store cannot hold.
   */
  addLocal(localPath: string, name: string, options: LocalOptions = {}): StorePath {
    const place = {
      blobs: this.blobs,
      helper: this.#helper,
      metadata: this.#metadata,
      trees: this.#trees,
      outputs: this.#outputs,
    };
    return onDisk(this.folder, () =>
      addLocalTree(localPath, name, { ...place, store: this.folder }, options),
    );
  }

  /**
   * The outputs and all that they refer to as one archive, piece by piece (docs/reference/store-archive.md). The same
   * closure gives the same bytes.
   *
   * @throws DiagnosticError CAB5004 where an output is not there, CAB5024 where one is larger than archives may be, CAB5003 where one is
   * damaged.
   */
  exportArchive(paths: readonly StorePath[], level = defaultLevel): AsyncGenerator<Uint8Array> {
    const outputs = this.#closureRecords(paths);
    const parts = { blobs: this.blobs, readTree: this.#readTree, outputs, asked: new Set(paths) };
    const treeEncoding = (digest: Digest): Uint8Array => this.#trees.encoding(digest);
    return exportArchive({ ...parts, treeEncoding }, level);
  }

  /**
   * The outputs and all that they refer to as a container image, piece by piece (docs/reference/oci-images.md). The same closure gives the
   * same bytes; the first output gives the image its name.
   *
   * @throws DiagnosticError CAB5004 where an output is not there, CAB5003 where one is damaged.
   */
  ociImage(paths: readonly StorePath[], platform: ImagePlatform): AsyncGenerator<Uint8Array> {
    const source = { blobs: this.blobs, readTree: this.#readTree };
    return ociImage(this.#closureRecords(paths), [...new Set(paths)], source, platform);
  }

  /**
   * Takes in an archive, verified, and says what was in it. Its outputs are recorded at once when all of it is there.
   *
   * @throws DiagnosticError CAB5021 to CAB5023 where the archive is not as it should be.
   */
  importArchive(chunks: AsyncIterable<Uint8Array>): Promise<readonly ArchivedOutput[]> {
    const place = {
      blobs: this.blobs,
      readTree: this.#readTree,
      findEncoding: (digest: Digest) => (this.#trees.has(digest) ? this.#trees.encoding(digest) : undefined),
      decode: (digest: Digest, encoding: Uint8Array) => this.#trees.decode(digest, encoding),
      putTrees: (encodings: Iterable<Uint8Array>) => this.putTrees(encodings),
      useTree: (digest: Digest) => this.#trees.use(digest),
      use: (paths: readonly StorePath[]) => this.use(paths),
      treeOf: (path: StorePath) => this.#outputs.treeOf(path),
      outputs: () => this.#outputs.paths(),
      commit: (outputs: readonly OutputRecord[]) => this.commit({ outputs }),
    };
    return onDiskLater(this.folder, () => importArchive(chunks, place));
  }

  /** Those of the outputs that are there, as stores tell each other of them; they stay while this store is open. */
  findOutputs(paths: Iterable<StorePath>): Promise<readonly ExchangedOutput[]> {
    return findOutputs(paths, { outputs: this.#outputs, trees: this.#trees });
  }

  /** The same with all that they refer to, each behind what it refers to. */
  findClosure(paths: Iterable<StorePath>): Promise<readonly ExchangedOutput[]> {
    return findClosure(paths, { outputs: this.#outputs, trees: this.#trees });
  }

  /**
   * Takes outputs from another store, and records them when all that they are made of is there; what they refer to comes with them, or is there
   * already. Answers what the source did not bring: then nothing is recorded.
   *
   * @throws DiagnosticError CAB5032 where one is not what it says.
   */
  takeOutputs(outputs: readonly ExchangedOutput[], source: ContentSource): Promise<Lacking> {
    const place = {
      blobs: this.blobs,
      trees: this.#trees,
      outputs: this.#outputs,
      mentions: this.mentions,
      known: this.#knownTrees,
      putTrees: (encodings: Iterable<Uint8Array>) => this.putTrees(encodings),
      commit: (records: readonly OutputRecord[]) => this.commit({ outputs: records }),
    };
    return onDiskLater(this.folder, () => takeOutputs(outputs, source, place));
  }

  /** Takes what outputs are made of, and records none of them. Answers what the source did not bring. */
  takeTrees(outputs: readonly ExchangedOutput[], source: ContentSource): Promise<Lacking> {
    const putTrees = (encodings: Iterable<Uint8Array>): void => this.putTrees(encodings);
    const place = { blobs: this.blobs, trees: this.#trees, putTrees };
    return onDiskLater(this.folder, () => takeTrees(outputs, source, place));
  }

  /** The same for outputs all of which, their directories too, was put as blobs before. */
  takeUploadedOutputs(outputs: readonly ExchangedOutput[]): Promise<Lacking> {
    return this.takeOutputs(outputs, storedSource(this.blobs));
  }

  /**
   * Sends outputs with all that they refer to to another store, as far as it lacks them, and answers those that it lacked.
   *
   * @throws DiagnosticError CAB5033 where the other side loses what it is sent.
   */
  sendOutputs(paths: readonly StorePath[], receiver: OutputReceiver): Promise<readonly ExchangedOutput[]> {
    const parts = { outputs: this.#outputs, trees: this.#trees, readTree: this.#readTree };
    return sendOutputs(paths, receiver, parts);
  }

  /** A folder on the store's disk for a build to work in. */
  temporaryFolder(label: string): TemporaryFolder {
    return onDisk(this.folder, () => this.#temporary.makeFolder(label));
  }

  /** Waits for the lock of this name, within this process and across processes, and takes it until disposed of. */
  lock(name: string, options: LockOptions = {}): Promise<Disposable> {
    return this.#locks.take(name, options);
  }

  /** Looks at everything in the store; each finding is something that is not as it should be. */
  verify(): Verification {
    return new Verification(this.#parts());
  }

  /** Puts right what verify has found; `onAction` is told of each thing that is done. */
  repair(onAction: (action: RepairAction) => void): Repair {
    return new Repair(this.#parts(), onAction);
  }

  /** Whether an output is recorded and there with all that belongs to it. Nothing is hashed. */
  isWhole(storePath: StorePath): boolean {
    const record = this.#outputs.get(storePath);
    return record !== undefined && new Wholeness(this.#parts()).ofOutput(record);
  }

  /**
   * Puts an output right, and what lies on disk of it, with what is on this machine. Answers whether it is whole then; if not, it has to
   * be made again.
   */
  async mend(storePath: StorePath): Promise<boolean> {
    const record = this.#outputs.get(storePath);
    return record !== undefined && (await mendOutput(record, this.#parts()));
  }

  /** Puts an output that was made again, and is whole, in the place of what is recorded under its path. */
  restore(output: OutputRecord, contents: readonly KnownContentRecord[] = []): void {
    this.#metadata.transaction(() => {
      this.#outputs.restore(output);
      this.#contents.add(contents);
    });
  }

  #parts(): StoreParts {
    return {
      folder: this.folder,
      blobs: this.blobs,
      trees: this.#trees,
      outputs: this.#outputs,
      derivers: this.#derivers,
      metadata: this.#metadata,
      helper: this.#helper,
      temporary: this.#temporary,
      materialisedPath: (storePath) => this.materialisedPath(storePath),
      materialise: (storePath) => this.materialise(storePath),
    };
  }

  /** Registers what keeps outputs from being collected. What is known already is not written again. */
  addRoots(roots: readonly Root[]): void {
    this.#roots.add(roots);
  }

  /** Takes a root out of the register, and says whether it was there. */
  removeRoot(place: string): boolean {
    return this.#roots.remove(place);
  }

  /** The roots, and what each keeps. */
  roots(readLock: LockReader): RootState[] {
    const look = new RootLook({ metadata: this.#metadata, store: this.folder, readLock });
    return this.#roots.all().map((root) => look.stateOf(root));
  }

  /**
   * Removes what no root keeps and no work relies on: iterate for the steps. Work of this very store counts as over: what is to go on
   * beside it needs a store that was opened apart.
   */
  collect(options: CollectionOptions): Collection {
    return new Collection(
      {
        folder: this.folder,
        metadata: this.#metadata,
        session: this.#session,
        locks: this.#locks,
        blobs: this.blobs,
        trees: this.#trees,
        outputs: this.#outputs,
        roots: this.#roots,
      },
      options,
    );
  }

  /** What the store takes on disk, in bytes, but for the directories of outputs that were put there. */
  size(): Promise<number> {
    return onDiskLater(this.folder, () => sizeOfStore(this.folder, this.#metadata));
  }

  /** The closure, which stays until the store is closed. */
  #closureRecords(paths: readonly StorePath[]): readonly OutputRecord[] {
    this.use(paths);
    return this.closure(paths).flatMap((path) => this.#outputs.get(path) ?? []);
  }

  #prepare(built: BuiltTree, chunks: ChunksOf): PreparedTree {
    const putTrees = (encodings: Iterable<Uint8Array>) => this.putTrees(encodings);
    const decode = (digest: Digest, encoding: Uint8Array) => this.#trees.decode(digest, encoding);
    return prepareTree(built, { blobs: this.blobs, readTree: this.#readTree, decode, chunks, putTrees });
  }
}

/** The level of zstd that archives have unless another one is asked for: its own default. */
const defaultLevel = 3;

type ChunksOf = (digest: Digest) => Iterable<Uint8Array>;
