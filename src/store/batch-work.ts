import { unreachable } from '../foundation/index.ts';
import { adoptFiles } from './adopt-files.ts';
import type { Blobs } from './blobs.ts';
import type { Batch } from './helper/batch.ts';
import type { BatchWork } from './helper/messages.ts';
import { linkFile } from './link-file.ts';
import { hashFiles } from './verification/hash-files.ts';

/** Does the work of a batch, on whichever thread. */
export function doBatch(work: BatchWork, batch: Batch, blobs: Blobs): void {
  switch (work.type) {
    case 'take':
      takeFiles(batch, blobs);
      break;
    case 'adopt':
      adoptFiles(batch, work.hashParts, blobs);
      break;
    case 'link':
      linkFiles(batch, blobs);
      break;
    case 'hash':
      hashFiles(batch);
      break;
    default:
      unreachable(work);
  }
}

function takeFiles(batch: Batch, blobs: Blobs): void {
  for (let index = 0; index < batch.count; index++) {
    batch.setBlob(index, blobs.putFile(batch.path(index), batch.size(index)));
  }
}

function linkFiles(batch: Batch, blobs: Blobs): void {
  for (let index = 0; index < batch.count; index++) {
    linkFile({ ...batch.blob(index), executable: batch.isExecutable(index) }, batch.path(index), blobs);
  }
}
