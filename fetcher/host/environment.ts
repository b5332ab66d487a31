import { equal, equalsText, indexOf, lengthOf, startsWith } from '../text/bytes.ts';
import { EXIT_USAGE, fail } from './failure.ts';
import { reserve } from './memory.ts';
import { args_get, args_sizes_get, environ_get, environ_sizes_get } from './wasi_snapshot_preview1.ts';

/** The arguments and the environment, each a list of pointers to texts that end with a zero byte. */
const sizes = memory.data(8, 4);
let argumentCount: i32 = 0;
let argumentList: usize = 0;
let variableCount: i32 = 0;
let variableList: usize = 0;

export function readEnvironment(): void {
  args_sizes_get(sizes, sizes + 4);
  argumentCount = load<i32>(sizes);
  argumentList = reserve(argumentCount * 4);
  args_get(argumentList, reserve(load<i32>(sizes + 4)));
  environ_sizes_get(sizes, sizes + 4);
  variableCount = load<i32>(sizes);
  variableList = reserve(variableCount * 4);
  environ_get(variableList, reserve(load<i32>(sizes + 4)));
}

export function countArguments(): i32 {
  return argumentCount;
}

/** The argument at the index; argument 0 is the program's own path. */
export function argument(index: i32): usize {
  return load<usize>(argumentList + (index << 2));
}

/** The text `NAME=value` of the variable at the index. */
function variable(index: i32): usize {
  return load<usize>(variableList + (index << 2));
}

export function textLength(text: usize): i32 {
  let end = text;
  while (load<u8>(end) != 0) end++;
  return <i32>(end - text);
}

/** The value of a variable whose name is bytes; 0 if there is none. */
export function valueOf(name: usize, nameLength: i32): usize {
  for (let i = 0; i < variableCount; i++) {
    const entry = variable(i);
    if (indexOf(entry, textLength(entry), 0x3d) != nameLength) continue;
    if (equal(entry, name, nameLength)) return entry + nameLength + 1;
  }
  return 0;
}

/** The value of a variable whose name is known here; 0 if there is none. */
export function value(name: string): usize {
  for (let i = 0; i < variableCount; i++) {
    const entry = variable(i);
    if (equalsText(entry, indexOf(entry, textLength(entry), 0x3d), name)) return entry + lengthOf(name) + 1;
  }
  return 0;
}

/** The absolute path at which the output is to be made, without its leading slash: relative to descriptor 4. */
export function outputPath(): usize {
  const path = value('out');
  if (path == 0 || load<u8>(path) != 0x2f) fail(EXIT_USAGE, 'the variable out is no absolute path');
  return path + 1;
}

let pinLength: i32 = 0;

/** The value pinned for a format (written with its colon), or 0; its length is `lengthOfPin`. */
export function pin(format: string): usize {
  let line = value('CAB_PINS');
  if (line == 0) return 0;
  while (load<u8>(line) != 0) {
    const length = indexOf(line, textLength(line), 0x0a);
    if (startsWith(line, length, format)) {
      pinLength = length - lengthOf(format);
      return line + lengthOf(format);
    }
    line += length;
    if (load<u8>(line) != 0) line++;
  }
  return 0;
}

export function lengthOfPin(): i32 {
  return pinLength;
}
