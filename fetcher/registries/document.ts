import { sendRequest } from '../http/request.ts';
import { EXIT_LIMIT, fail } from '../host/failure.ts';
import { allocate, release } from '../host/memory.ts';
import { beginBody, cursor, limit, refill } from '../stream/input.ts';
import { closeResponse, requireOk } from '../stream/response.ts';

/** What a registry says of its packages, as a whole in memory and ended by a zero byte. */
const LIMIT: usize = 1 << 27;
let length: usize = 0;

export function documentLength(): i32 {
  return <i32>length;
}

/** Sends the request and reads the answer. */
export function getDocument(): usize {
  requireOk(sendRequest());
  return readDocument();
}

/** Reads the body of the answer that is open. */
export function readDocument(): usize {
  let capacity: usize = 65536;
  let document = allocate(capacity);
  length = 0;
  beginBody();
  while (refill()) {
    const more = limit() - cursor();
    while (length + more >= capacity) {
      if (capacity == LIMIT) fail(EXIT_LIMIT, 'the registry answers with more than 128 MiB');
      const grown = allocate(2 * capacity);
      memory.copy(grown, document, length);
      release(document, capacity);
      document = grown;
      capacity *= 2;
    }
    memory.copy(document + length, cursor(), more);
    length += more;
  }
  store<u8>(document + length, 0);
  closeResponse();
  return document;
}
