import { EXIT_UNSUPPORTED, fail } from '../host/failure.ts';
import { reserve } from '../host/memory.ts';
import { equal, startsWith } from '../text/bytes.ts';
import { appendByte, appendBytes, lengthSince, mark, rewind } from '../text/text.ts';
import {
  beginSettings,
  isInSection,
  nextSetting,
  readValue,
  sectionName,
  sectionNameLength,
} from './settings.ts';

/** Where submodules come from. */

/** Appends the address that `.gitmodules`, of which this is the text, has for a path; relative ones begin from the address given. */
export function appendAddress(
  settings: usize,
  length: i32,
  path: usize,
  pathLength: i32,
  base: usize,
  baseLength: i32,
): void {
  const value = mark();
  let name: usize = 0;
  let nameLength: i32 = 0;
  beginSettings(settings, length);
  while (nextSetting('path')) {
    readValue();
    if (lengthSince(value) == pathLength && equal(value, path, pathLength)) {
      name = sectionName();
      nameLength = sectionNameLength();
    }
    rewind(value);
  }
  beginSettings(settings, length);
  let found = false;
  while (name != 0 && nextSetting('url')) {
    const isThis = isInSection(name, nameLength);
    const start = mark();
    readValue();
    if (!isThis) {
      rewind(start);
      continue;
    }
    // The last one counts.
    const valueLength = lengthSince(start);
    memory.copy(value, start, valueLength);
    rewind(value + valueLength);
    found = true;
  }
  if (!found) fail(EXIT_UNSUPPORTED, '.gitmodules has no address for the submodule', path, pathLength);
  resolve(value, base, baseLength);
  if (!startsWith(value, lengthSince(value), 'https://') && !startsWith(value, lengthSince(value), 'http://'))
    fail(EXIT_UNSUPPORTED, 'a submodule has an address that is not of HTTP:', value, lengthSince(value));
}

/** Puts an address that begins with `./` or `../`, at the end of the text, behind what it is relative to. */
function resolve(value: usize, base: usize, baseLength: i32): void {
  let length = lengthSince(value);
  let at = value;
  let isRelative = false;
  while (baseLength > 0 && load<u8>(base + baseLength - 1) == 0x2f) baseLength--;
  while (true) {
    if (startsWith(at, length, '../')) {
      while (baseLength > 0 && load<u8>(base + --baseLength) != 0x2f);
      at++;
      length--;
    } else if (!startsWith(at, length, './')) break;
    at += 2;
    length -= 2;
    isRelative = true;
  }
  if (!isRelative) return;
  const rest = reserve(length + 1);
  memory.copy(rest, at, length);
  rewind(value);
  appendBytes(base, baseLength);
  appendByte(0x2f);
  appendBytes(rest, length);
}
