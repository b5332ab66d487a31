import { argument, lengthOfPin, pin, textLength } from '../host/environment.ts';
import { DIRECTORY, Entry } from '../output/entries.ts';
import { makeSubtree } from '../output/subtree.ts';
import { publish, unpackAnswer } from '../registries/package.ts';
import { requireOk } from '../stream/response.ts';
import { append, appendBytes, mark } from '../text/text.ts';
import { claimEntityTagOf } from './entity-tag.ts';
import { beginRequest, sendRequest } from './request.ts';

/** An archive, unpacked, or any other file as it is, from an address: `http <url> <subtree>` */
export function fetchHttp(): void {
  const published = pin('sri:');
  const length = lengthOfPin();
  if (published == 0 && pin('cab:') == 0) claimEntityTagOf(argument(2));
  beginRequest('GET ');
  appendBytes(argument(2), textLength(argument(2)));
  requireOk(sendRequest());
  if (published != 0) {
    const start = mark();
    append('sri:');
    appendBytes(published, length);
    publish(start);
  }
  makeSubtree(withoutSingleTop(unpackAnswer()), argument(3));
}

/** Most archives hold one directory that has all else in it. */
function withoutSingleTop(root: Entry): Entry {
  if (root.kind != DIRECTORY || root.children == null) return root;
  const top = root.children!;
  return top.next == null && top.kind == DIRECTORY ? top : root;
}
