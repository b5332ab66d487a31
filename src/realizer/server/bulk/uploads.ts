import { Code, ConnectError } from '@connectrpc/connect';
import type { UploadResource } from '../../protocol/index.ts';
import type { Incoming } from './incoming.ts';

/** Uploads that were cut wait as long for their clients to come back. */
const keptMs = 5 * 60_000;
/** As many wait; the one that has waited longest goes first. */
const keptLimit = 256;

/** An upload in the hands of a call; another call of the same client may take it over. */
export class Upload {
  readonly incoming: Incoming;
  /** The call that writes; undefined while it waits for one. */
  #owner: object | undefined;
  #writing: Promise<void> | undefined;
  #expiry: NodeJS.Timeout | undefined;

  constructor(incoming: Incoming) {
    this.incoming = incoming;
  }

  /** Makes it a call's own, when the call that had it has written its last piece. */
  async takeOver(owner: object): Promise<void> {
    this.#owner = owner;
    clearTimeout(this.#expiry);
    await this.#writing;
  }

  async write(owner: object, piece: Uint8Array): Promise<void> {
    this.demand(owner);
    const written = this.incoming.write(piece);
    if (written === undefined) return;
    this.#writing = written.catch(() => {});
    await written;
  }

  /** @throws ConnectError where another call has it now. */
  demand(owner: object): void {
    if (this.#owner === owner) return;
    throw new ConnectError('another call has gone on with this upload', Code.Aborted);
  }

  isOwnedBy(owner: object): boolean {
    return this.#owner === owner;
  }

  get isWaiting(): boolean {
    return this.#owner === undefined;
  }

  wait(onExpiry: () => void): void {
    this.#owner = undefined;
    this.#expiry = setTimeout(onExpiry, keptMs).unref();
  }
}

/** The uploads that are under way or were cut, by client and resource. */
export class Uploads {
  readonly #uploads = new Map<string, Upload>();

  static keyOf(client: string, { upload, digest, compressor, instance }: UploadResource): string {
    return JSON.stringify([client, instance, upload, compressor, digest.function, digest.hash, digest.size]);
  }

  get(key: string): Upload | undefined {
    return this.#uploads.get(key);
  }

  begin(key: string, incoming: Incoming): Upload {
    const upload = new Upload(incoming);
    this.#uploads.set(key, upload);
    return upload;
  }

  /** It is done, or nothing more can become of it. */
  remove(key: string, upload: Upload): void {
    if (this.#uploads.get(key) === upload) this.#uploads.delete(key);
  }

  /** Keeps what was cut for whoever comes back to it. */
  keep(key: string, upload: Upload): void {
    upload.wait(() => this.#abandon(key, upload));
    this.#uploads.delete(key);
    this.#uploads.set(key, upload);
    const waiting = [...this.#uploads].filter(([, each]) => each.isWaiting);
    for (const [oldKey, old] of waiting.slice(0, -keptLimit)) this.#abandon(oldKey, old);
  }

  /** Gives up all that wait. */
  close(): void {
    for (const [key, upload] of this.#uploads) if (upload.isWaiting) this.#abandon(key, upload);
  }

  #abandon(key: string, upload: Upload): void {
    this.remove(key, upload);
    upload.incoming.abandon();
  }
}
