import { readFileSync } from 'node:fs';
import { type HashPart, digestOf } from '../foundation/index.ts';
import type { Blobs } from './blobs.ts';
import type { Batch } from './helper/batch.ts';
import { ReferenceScanner } from './reference-scanner.ts';

/**
 * Makes files of a build blobs by moving them, and notes which of the hash parts they mention. Those that mention the first, the path of
 * the build itself, stay where they are: only what is rewritten of them becomes a blob.
 */
export function adoptFiles(batch: Batch, hashParts: readonly HashPart[], blobs: Blobs): void {
  const scanner = new ReferenceScanner(hashParts);
  for (let index = 0; index < batch.count; index++) {
    // Where an earlier try came to a stop, what it has moved is not there any more.
    if (batch.isDone(index)) continue;
    const file = batch.path(index);
    const content = readFileSync(file);
    const stream = scanner.stream();
    stream.scan(content);
    const digest = digestOf(content);
    const mentioned = [...stream.found].map((hashPart) => hashParts.indexOf(hashPart));
    if (!mentioned.includes(0)) blobs.adopt(file, digest, batch.isExecutable(index));
    batch.setDone(index, { digest, size: content.length }, mentioned);
  }
}
