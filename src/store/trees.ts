import { type Digest, digestOf } from '../foundation/index.ts';
import type { BlobReference } from './blobs.ts';
import { BoundedCache } from './bounded-cache.ts';
import { type EncodedDirectory, decodeChecked, decodeDirectory } from './directory-encoding.ts';
import type { Directory } from './directory.ts';
import { damagedContent, notInStore } from './faults.ts';
import type { Metadata, Row } from './metadata.ts';
import type { Session } from './session.ts';

/** How many bytes of encodings the decoded directories in memory may stand for. */
const cacheSize = 8 << 20;

const sizesOfTrees =
  'SELECT digest, used, length(encoding) AS size FROM json_each(?) JOIN trees ON digest = value';

function sizesIn(rows: readonly Row[]): ReadonlyMap<Digest, number> {
  return new Map(rows.map((row) => [row['digest'] as Digest, row['size'] as number]));
}

/** The directories that the store holds, as rows: they are small, many, and read together. */
export class Trees {
  readonly #metadata: Metadata;
  readonly #session: Session;
  readonly #decoded = new BoundedCache<Digest, Directory>(cacheSize);

  constructor(metadata: Metadata, session: Session) {
    this.#metadata = metadata;
    this.#session = session;
  }

  has(digest: Digest): boolean {
    return this.#metadata.get('SELECT 1 FROM trees WHERE digest = ?', digest) !== undefined;
  }

  /** Whether a directory is there; it is not collected as long as the session lasts. What it is made of is asked for by itself. */
  use(digest: Digest): boolean {
    const used = this.#metadata.get('SELECT used FROM trees WHERE digest = ?', digest)?.['used'] as
      number | undefined;
    if (used === undefined || used >= this.#session.oldestMark()) return used !== undefined;
    this.#metadata.run('UPDATE trees SET used = ? WHERE digest = ?', this.#session.now(), digest);
    return this.has(digest);
  }

  /** Which of many directories are there, with the sizes of their encodings in bytes; they are used, as by `use`. */
  useAll(digests: Iterable<Digest>): ReadonlyMap<Digest, number> {
    const asked = JSON.stringify([...digests]);
    if (asked === '[]') return new Map();
    const oldest = this.#session.oldestMark();
    const rows = this.#metadata.all(sizesOfTrees, asked);
    if (rows.every((row) => (row['used'] as number) >= oldest)) return sizesIn(rows);
    return this.#metadata.transaction(() => {
      this.#metadata.run(
        'UPDATE trees SET used = ? WHERE used < ? AND digest IN (SELECT value FROM json_each(?))',
        this.#session.now(),
        oldest,
        asked,
      );
      return sizesIn(this.#metadata.all(sizesOfTrees, asked));
    });
  }

  /** The sizes of the encodings, in bytes, of those that are there. */
  sizes(digests: Iterable<Digest>): ReadonlyMap<Digest, number> {
    return sizesIn(this.#metadata.all(sizesOfTrees, JSON.stringify([...digests])));
  }

  /** @throws DiagnosticError CAB5004 where there is no such directory. */
  get(digest: Digest): Directory {
    const known = this.#decoded.get(digest);
    if (known !== undefined) return known;
    const encoding = this.encoding(digest);
    const directory = decodeChecked(encoding);
    this.#decoded.set(digest, directory, encoding.length);
    return directory;
  }

  /**
   * The directory of an encoding, whether or not it has been put: each is decoded, and so checked, once.
   *
   * @throws DiagnosticError CAB5007 where the encoding is not canonical.
   */
  decode(digest: Digest, encoding: Uint8Array): Directory {
    const known = this.#decoded.get(digest);
    if (known !== undefined) return known;
    const directory = decodeDirectory(encoding);
    this.#decoded.set(digest, directory, encoding.length);
    return directory;
  }

  /** @throws DiagnosticError CAB5004 where there is no such directory, CAB5003 where it is damaged. */
  encoding(digest: Digest): Uint8Array {
    const encoding = this.storedEncoding(digest);
    // A disk may give back other bits than it was given, and SQLite would not notice.
    if (digestOf(encoding) !== digest) throw damagedContent(`the directory ${digest}`);
    return encoding;
  }

  /** What is stored as the encoding, be it damaged. @throws DiagnosticError CAB5004 where there is no such directory. */
  storedEncoding(digest: Digest): Uint8Array {
    const row = this.#metadata.get('SELECT encoding FROM trees WHERE digest = ?', digest);
    if (row === undefined) throw notInStore(`the directory ${digest}`);
    const encoding = row['encoding'];
    return encoding instanceof Uint8Array ? encoding : new Uint8Array(0);
  }

  /**
   * Puts one directory, or marks the one that is there as used; many belong into one transaction of the caller's.
   *
   * @throws DiagnosticError CAB5007 where the encoding is not canonical.
   */
  put(encoding: Uint8Array): BlobReference {
    const digest = digestOf(encoding);
    this.decode(digest, encoding);
    this.#insert(digest, encoding);
    return { digest, size: encoding.length };
  }

  /** Puts a directory that was encoded here, and so is canonical. */
  putEncoded({ digest, directory, encoding }: EncodedDirectory): void {
    this.#decoded.set(digest, directory, encoding.length);
    this.#insert(digest, encoding);
  }

  #insert(digest: Digest, encoding: Uint8Array): void {
    this.#metadata.run(
      `INSERT INTO trees (digest, encoding, used) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET used = excluded.used WHERE used < ?`,
      digest,
      encoding,
      this.#session.now(),
      this.#session.oldestMark(),
    );
  }

  remove(digest: Digest): void {
    this.#metadata.run('DELETE FROM trees WHERE digest = ?', digest);
    this.#decoded.delete(digest);
  }

  *all(): Generator<{ readonly digest: Digest; readonly encoding: Uint8Array }> {
    const page = 'SELECT id, digest, encoding FROM trees WHERE id > ? ORDER BY id LIMIT 256';
    for (const rows of this.#metadata.pages(page, 'id', 0)) {
      for (const row of rows) {
        yield { digest: row['digest'] as Digest, encoding: row['encoding'] as Uint8Array };
      }
    }
  }
}
