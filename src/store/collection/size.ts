import { readdirSync } from 'node:fs';
import path from 'node:path';
import { isTurnOver, nextTurn } from '../../foundation/index.ts';
import { type Metadata, databaseFile } from '../metadata.ts';
import { blobFiles, bytesOnDisk, statusOf } from './blob-files.ts';

/** What a store takes on disk, in bytes: blobs, logs, and what the database has in it. Others get their turn. */
export async function sizeOfStore(store: string, metadata: Metadata): Promise<number> {
  let size = databaseBytes(metadata) + logBytes(store);
  for (const { file } of blobFiles(store)) {
    const status = statusOf(file);
    if (status !== undefined) size += bytesOnDisk(status);
    if (isTurnOver()) await nextTurn();
  }
  return size;
}

/** What the database has in it. The file does not become smaller, but what is free in it is used again. */
export function databaseBytes(metadata: Metadata): number {
  const number = (name: string): number => metadata.get(`PRAGMA ${name}`)?.[name] as number;
  return (number('page_count') - number('freelist_count')) * number('page_size');
}

/** What the file of the database takes. */
export function databaseFileBytes(store: string): number {
  return bytesOf(databaseFile(store));
}

/** What the logs take. */
export function logBytes(store: string): number {
  const folder = path.join(store, 'logs');
  return readdirSync(folder).reduce((sum, name) => sum + bytesOf(path.join(folder, name)), 0);
}

/** A log that has several names counts for a part under each. */
function bytesOf(file: string): number {
  const status = statusOf(file);
  return status === undefined ? 0 : bytesOnDisk(status) / status.nlink;
}
