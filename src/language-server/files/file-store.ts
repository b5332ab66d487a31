import { type BigIntStats, readFileSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type AnalysedFile, analyse, placeOf } from './analysed-file.ts';

/** The largest file on disk that is looked into. */
const fileLimit = 16 * 1024 ** 2;

/** How many files on disk are remembered. */
const memoryLimit = 4000;

interface Remembered {
  readonly stamp: string;
  /** Undefined where the file is no text. */
  readonly file: AnalysedFile | undefined;
}

/**
 * The documents that the editor has open, and the files on disk. An open document stands before the file of its place. Each
 * version is analysed once, when somebody asks.
 */
export class FileStore {
  readonly #documents = new Map<string, TextDocument>();
  readonly #byPlace = new Map<string, string>();
  readonly #analysed = new Map<string, AnalysedFile>();
  readonly #onDisk = new Map<string, Remembered>();

  put(document: TextDocument): void {
    const place = placeOf(document.uri);
    this.#documents.set(document.uri, document);
    if (place !== undefined) this.#byPlace.set(place, document.uri);
    this.#analysed.delete(document.uri);
  }

  remove(uri: string): void {
    const place = placeOf(uri);
    this.#documents.delete(uri);
    this.#analysed.delete(uri);
    if (place !== undefined && this.#byPlace.get(place) === uri) this.#byPlace.delete(place);
  }

  document(uri: string): TextDocument | undefined {
    return this.#documents.get(uri);
  }

  /** The document that the editor has open under this name, as it stands now. */
  opened(uri: string): AnalysedFile | undefined {
    const known = this.#analysed.get(uri);
    if (known !== undefined) return known;
    const document = this.#documents.get(uri);
    if (document === undefined) return undefined;
    const file = analyse(document);
    this.#analysed.set(uri, file);
    return file;
  }

  get openedUris(): readonly string[] {
    return [...this.#documents.keys()];
  }

  /** The file at a place of this machine, as the editor has it open or as it is on disk; undefined where it is none of text. */
  at(place: string): AnalysedFile | undefined {
    const uri = this.#byPlace.get(place);
    return uri === undefined ? this.#fromDisk(place) : this.opened(uri);
  }

  isOpenAt(place: string): boolean {
    return this.#byPlace.has(place);
  }

  #fromDisk(place: string): AnalysedFile | undefined {
    const stamp = stampOf(place);
    if (stamp === undefined) {
      this.#onDisk.delete(place);
      return undefined;
    }
    const known = this.#onDisk.get(place);
    if (known?.stamp === stamp) return known.file;
    const text = readText(place);
    const uri = pathToFileURL(place).href;
    const file = text === undefined ? undefined : analyse(TextDocument.create(uri, 'cab', 0, text));
    if (this.#onDisk.size >= memoryLimit) this.#onDisk.clear();
    this.#onDisk.set(place, { stamp, file });
    return file;
  }
}

/** What changes whenever the file does; undefined where there is no file that may be read. */
function stampOf(place: string): string | undefined {
  const status = statusOf(place);
  if (status === undefined || !status.isFile() || status.size > fileLimit) return undefined;
  return `${status.ino} ${status.size} ${status.mtimeNs} ${status.ctimeNs}`;
}

function readText(place: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(place));
  } catch {
    return undefined;
  }
}

function statusOf(place: string): BigIntStats | undefined {
  try {
    return statSync(place, { throwIfNoEntry: false, bigint: true });
  } catch {
    return undefined;
  }
}
