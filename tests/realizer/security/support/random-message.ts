import {
  type DescField,
  type DescMessage,
  type Message,
  ScalarType,
  create,
  toBinary,
} from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { digestOf, unreachable } from '../../../../src/foundation/index.ts';

type Random = () => number;

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T;
}

const hash = digestOf('some content');
const storePath = `/cab/store/${'a'.repeat(52)}-name`;

/** What texts of requests are, what they nearly are, and what they should never be. */
const texts: readonly string[] = [
  '',
  'a',
  hash,
  hash.toUpperCase(),
  hash.slice(1),
  `${hash}0`,
  '.',
  '..',
  '../..',
  '/',
  '//',
  '/etc/passwd',
  'a/../b',
  'a//b',
  'a\0b',
  '\u{fffd}',
  '\u{202e}',
  '😀',
  'x'.repeat(300),
  'x'.repeat(70_000),
  '%2e%2e',
  'con',
  '__proto__',
  'constructor',
  'toString',
  `blobs/${hash}/12`,
  `blobs/blake3/${hash}/12`,
  `uploads/1/blobs/blake3/${hash}/12`,
  `compressed-blobs/zstd/blake3/${hash}/12`,
  `uploads/x/compressed-blobs/zstd/blake3/${hash}/12`,
  `blobs/blake3/${hash}/-1`,
  `blobs/blake3/${hash}/99999999999999999999`,
  `blobs/blake3/${hash}/1e3`,
  `instance/blobs/blake3/${hash}/12`,
  'operations/1',
  storePath,
  `${storePath}/..`,
  '/cab/store/../../etc',
  'git:abc',
  'cab:abc',
  'git',
  ':',
  'a:',
  '\n',
  'cab-name',
  'cab-fix',
  'cab-output',
  'self',
  'fixed',
  'none',
  'http://127.0.0.1:1/',
  'file:///etc/passwd',
  'unix:/tmp/x',
  'https://[::1]/',
  'checksum.sri',
  'vcs.commit',
  'application/x-git',
  'sha256-AAAA',
  '100',
  '-1',
  'NaN',
  'cab-ticket.a.b',
];
const numbers = [0, 1, -1, 2, 9, 255, 256, 65_536, 2 ** 31 - 1, -(2 ** 31)];
const largeNumbers = [
  0n,
  1n,
  -1n,
  12n,
  4096n,
  2n ** 31n,
  2n ** 32n,
  2n ** 53n,
  2n ** 53n + 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];
const byteLengths = [0, 1, 12, 255, 4096, 100_000];
const deepest = 6;

/** A message of the right form, with whatever in it. */
function randomMessage(schema: DescMessage, random: Random, depth = 0): Message {
  const message = reflect(schema, create(schema));
  for (const field of schema.fields) {
    if (random() < 0.25) continue;
    if (field.oneof !== undefined && message.oneofCase(field.oneof) !== undefined) continue;
    setField(message, field, random, depth);
  }
  return message.message;
}

export function randomBytes(schema: DescMessage, random: Random): Uint8Array {
  return toBinary(schema, randomMessage(schema, random));
}

function setField(
  message: ReturnType<typeof reflect>,
  field: DescField,
  random: Random,
  depth: number,
): void {
  const value = (): unknown => valueOf(field, random, depth);
  switch (field.fieldKind) {
    case 'enum':
    case 'scalar':
      message.set(field, value());
      break;
    case 'list': {
      const list = message.get(field);
      for (let count = Math.floor(random() * 4); count > 0; count--) list.add(value());
      // The same once more: lists that may hold each thing once are a case of their own.
      if (list.size > 0 && random() < 0.3) list.add(list.get(0));
      break;
    }
    case 'map':
      for (let count = Math.floor(random() * 3); count > 0; count--)
        message.get(field).set(scalar(field.mapKey, random), value());
      break;
    case 'message':
      if (depth < deepest) message.set(field, value());
      break;
  }
}

function valueOf(field: DescField, random: Random, depth: number): unknown {
  if (field.message !== undefined)
    return reflect(field.message, randomMessage(field.message, random, depth + 1));
  if (field.enum !== undefined) return pick(random, [0, 1, 2, 9, -1, 1000]);
  return scalar(field.scalar ?? ScalarType.STRING, random);
}

function scalar(type: ScalarType, random: Random): unknown {
  switch (type) {
    case ScalarType.STRING:
      return pick(random, texts);
    case ScalarType.BOOL:
      return random() < 0.5;
    case ScalarType.BYTES:
      return Buffer.alloc(pick(random, byteLengths), Math.floor(random() * 256));
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return pick(random, [0, -1, 1e30, Infinity, NaN]);
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return pick(random, largeNumbers);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return BigInt.asUintN(64, pick(random, largeNumbers));
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return pick(random, numbers) >>> 0;
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return pick(random, numbers);
    default:
      return unreachable(type);
  }
}

/** The bytes with something about them changed. */
export function mutated(bytes: Uint8Array, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  const place = Math.floor(random() * copy.length);
  switch (Math.floor(random() * 5)) {
    case 0:
      if (copy.length > 0) copy[place] = (copy[place] as number) ^ (1 << Math.floor(random() * 8));
      return copy;
    case 1:
      return copy.subarray(0, place);
    case 2:
      return Buffer.concat([
        copy.subarray(0, place),
        Buffer.from([255, 255, 255, 255, 255, 255]),
        copy.subarray(place),
      ]);
    case 3:
      return Buffer.concat([copy, copy]);
    default:
      for (let count = 0; count < 8 && copy.length > 0; count++)
        copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
      return copy;
  }
}
