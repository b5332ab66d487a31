import { claim } from '../host/claims.ts';
import { argument, lengthOfPin, pin, textLength } from '../host/environment.ts';
import { DIRECTORY, Entry } from '../output/entries.ts';
import { makeSubtree } from '../output/subtree.ts';
import { publish, unpackAnswer } from '../registries/package.ts';
import { closeResponse, headerValue, readHeader, requireOk, STATUS_OK } from '../stream/response.ts';
import { append, appendBytes, mark } from '../text/text.ts';
import { beginRequest, sendRequest } from './request.ts';

/** An archive, unpacked, or any other file as it is, from an address: `http <url> <subtree>` */
export function fetchHttp(): void {
  const published = pin('sri:');
  const length = lengthOfPin();
  if (published == 0 && pin('cab:') == 0) claimEntityTag();
  requireOk(request('GET '));
  if (published != 0) {
    const start = mark();
    append('sri:');
    appendBytes(published, length);
    publish(start);
  }
  makeSubtree(withoutSingleTop(unpackAnswer()), argument(3));
}

function request(method: string): i32 {
  beginRequest(method);
  const url = argument(2);
  appendBytes(url, textLength(url));
  return sendRequest();
}

/** Claims the entity tag if there is a strong one. Many servers refuse the question; then there is none. */
function claimEntityTag(): void {
  if (request('HEAD ') == STATUS_OK) {
    const length = readHeader('etag');
    if (length > 2 && load<u8>(headerValue()) == 0x22) {
      const start = mark();
      append('etag:');
      appendBytes(headerValue(), length);
      claim(start);
    }
  }
  closeResponse();
}

/** Most archives hold one directory that has all else in it. */
function withoutSingleTop(root: Entry): Entry {
  if (root.kind != DIRECTORY || root.children == null) return root;
  const top = root.children!;
  return top.next == null && top.kind == DIRECTORY ? top : root;
}
