import { equalsText, indexOf, startsWith } from '../../../fetcher/text/bytes.ts';
import { textLength, valueOf } from '../../../fetcher/host/environment.ts';
import { write } from '../../../fetcher/host/files.ts';

const MARK: u8 = 0x40;

/** Writes the text, with each `@NAME@` replaced whose name is a variable of the derivation's author. */
export function writeReplaced(file: i32, text: usize, length: i32): void {
  let written = 0;
  let at = indexOf(text, length, MARK);
  while (at < length) {
    const name = at + 1;
    const end = name + indexOf(text + name, length - name, MARK);
    const replacement = end < length ? replacementOf(text + name, end - name) : 0;
    if (replacement == 0) {
      // The mark that ends no name may begin one.
      at = end;
      continue;
    }
    write(file, text + written, at - written);
    write(file, replacement, textLength(replacement));
    written = end + 1;
    at = written + indexOf(text + written, length - written, MARK);
  }
  write(file, text + written, length - written);
}

/** The value that stands in for a name; 0 if none does, as for what the realizer itself sets. */
function replacementOf(name: usize, length: i32): usize {
  if (length == 0 || startsWith(name, length, 'CAB_')) return 0;
  if (equalsText(name, length, 'out') || equalsText(name, length, 'SOURCE_DATE_EPOCH')) return 0;
  return valueOf(name, length);
}
