import { EXIT_UNSUPPORTED, fail } from '../host/failure.ts';
import { equal, startsWith } from '../text/bytes.ts';
import { appendBase, appendByte, appendBytes, lengthSince, mark, rewind } from '../text/text.ts';
import { beginSettings, isInSection, nextSetting, sectionName, sectionNameLength } from './settings.ts';

/** Where submodules come from. */

/**
 * Appends the address that `.gitmodules`, of which this is the text, has for a path, and answers where it begins; relative ones
 * begin from the address given.
 */
export function appendAddress(
  settings: usize,
  length: i32,
  path: usize,
  pathLength: i32,
  base: usize,
  baseLength: i32,
): usize {
  let name: usize = 0;
  let nameLength: i32 = 0;
  beginSettings(settings, length);
  for (let value = nextSetting('path'); value != 0; value = nextSetting('path')) {
    if (lengthSince(value) == pathLength && equal(value, path, pathLength)) {
      name = sectionName();
      nameLength = sectionNameLength();
    }
    rewind(value);
  }
  beginSettings(settings, length);
  // The last one counts.
  let found: usize = 0;
  for (let value = nextSetting('url'); value != 0; value = nextSetting('url')) {
    if (isInSection(name, nameLength)) found = value;
    else rewind(value);
  }
  if (found == 0) fail(EXIT_UNSUPPORTED, '.gitmodules has no address for the submodule', path, pathLength);
  const address = resolve(found, base, baseLength);
  const addressLength = lengthSince(address);
  if (!startsWith(address, addressLength, 'https://') && !startsWith(address, addressLength, 'http://'))
    fail(EXIT_UNSUPPORTED, 'a submodule has an address that is not of HTTP:', address, addressLength);
  return address;
}

/** Appends what an address that begins with `./` or `../`, at the end of the text, stands for; answers where it begins. */
function resolve(value: usize, base: usize, baseLength: i32): usize {
  let length = lengthSince(value);
  let at = value;
  const start = mark();
  appendBase(base, baseLength);
  while (true) {
    if (startsWith(at, length, '../')) {
      while (mark() > start) {
        rewind(mark() - 1);
        if (load<u8>(mark()) == 0x2f) break;
      }
      at++;
      length--;
    } else if (!startsWith(at, length, './')) break;
    at += 2;
    length -= 2;
  }
  if (at == value) {
    rewind(start);
    return value;
  }
  appendByte(0x2f);
  appendBytes(at, length);
  return start;
}
