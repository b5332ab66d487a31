import {
  argument,
  countArguments,
  lengthOfPin,
  outputPath,
  pin,
  readEnvironment,
  textLength,
} from '../host/environment.ts';
import { claim } from '../host/claims.ts';
import { EXIT_USAGE, fail } from '../host/failure.ts';
import { claimEntityTagOf } from '../http/entity-tag.ts';
import { beginRequest, sendRequest } from '../http/request.ts';
import { beginContent, endContent } from '../output/content.ts';
import { FILE, newEntry } from '../output/entries.ts';
import { makeOutput } from '../output/output.ts';
import { beginDigest, checkDigest } from '../stream/digest.ts';
import { advance, beginBody, hasMore, limit, startCopying } from '../stream/input.ts';
import { closeResponse, requireOk } from '../stream/response.ts';
import { append, appendBytes, mark } from '../text/text.ts';

/** The program that keeps what lies at an address as it comes, be it an archive: `<url>` */
readEnvironment();
outputPath();
if (countArguments() != 2) fail(EXIT_USAGE, 'it takes one address');
const published = pin('sri:');
const publishedLength = lengthOfPin();
if (published != 0) claimPublished();
else if (pin('cab:') == 0) claimEntityTagOf(argument(1));
beginRequest('GET ');
appendBytes(argument(1), textLength(argument(1)));
requireOk(sendRequest());
keepBody();

/** What is known by it need not be fetched. */
function claimPublished(): void {
  const start = mark();
  append('sri:');
  appendBytes(published, publishedLength);
  claim(start);
}

function keepBody(): void {
  if (published != 0) beginDigest(published, publishedLength);
  beginContent();
  beginBody();
  startCopying();
  while (hasMore()) advance(limit());
  if (published != 0) checkDigest(published, publishedLength);
  closeResponse();
  const file = newEntry(FILE, 0, 0);
  file.content = endContent();
  makeOutput(file);
}
