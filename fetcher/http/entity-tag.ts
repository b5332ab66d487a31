import { claim } from '../host/claims.ts';
import { textLength } from '../host/environment.ts';
import { closeResponse, headerValue, readHeader, STATUS_OK } from '../stream/response.ts';
import { append, appendBytes, mark } from '../text/text.ts';
import { beginRequest, sendRequest } from './request.ts';

/** Claims the entity tag of what lies at an address, if there is a strong one. Many servers refuse the question; then there is none. */
export function claimEntityTagOf(url: usize): void {
  beginRequest('HEAD ');
  appendBytes(url, textLength(url));
  if (sendRequest() == STATUS_OK) {
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
