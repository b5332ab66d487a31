import { corrupt } from '../input.ts';
import { advanceWindow, byteBack, copyMatch, makeRoom, reach, writtenLength } from '../window.ts';
import {
  beginRange,
  decodeBit,
  decodeDirectBits,
  decodeMatchedLiteral,
  decodeReverseTree,
  decodeTree,
  isRangeUsedUp,
  rangePosition,
  resetProbabilities,
} from './range.ts';

/** LZMA as LZMA2 uses it: chunks of known length, without a marker at the end. */

/** Where the probabilities lie, in bytes: those of a length are the choices, then sixteen trees for each of the shorter ones. */
const IS_MATCH: usize = 0;
const IS_REPEATED: usize = IS_MATCH + 2 * 192;
const IS_REPEATED_0: usize = IS_REPEATED + 2 * 12;
const IS_REPEATED_1: usize = IS_REPEATED_0 + 2 * 12;
const IS_REPEATED_2: usize = IS_REPEATED_1 + 2 * 12;
const IS_LONG: usize = IS_REPEATED_2 + 2 * 12;
const DISTANCE_SLOT: usize = IS_LONG + 2 * 192;
const DISTANCE: usize = DISTANCE_SLOT + 2 * 256;
const DISTANCE_LOWEST: usize = DISTANCE + 2 * 128;
const MATCH_LENGTH: usize = DISTANCE_LOWEST + 2 * 16;
const REPEATED_LENGTH: usize = MATCH_LENGTH + 2 * 514;
const LITERAL: usize = REPEATED_LENGTH + 2 * 514;
const LITERAL_SIZE: usize = 2 * 0x300;
const probabilities = memory.data(LITERAL + 16 * LITERAL_SIZE, 16);

/** From this state on the last symbol was no literal. */
const AFTER_MATCH: u32 = 7;

let contextBits: u32 = 0;
let literalMask: u32 = 0;
let positionMask: u32 = 0;
let state: u32 = 0;
/** The last four distances, the last one first, each less by one. */
let distance0: u32 = 0;
let distance1: u32 = 0;
let distance2: u32 = 0;
let distance3: u32 = 0;

export function setProperties(byte: u32): void {
  if (byte >= 225) corrupt();
  contextBits = byte % 9;
  const literalBits = (byte / 9) % 5;
  if (contextBits + literalBits > 4) corrupt();
  literalMask = (1 << literalBits) - 1;
  positionMask = (1 << (byte / 45)) - 1;
}

export function resetState(): void {
  state = distance0 = distance1 = distance2 = distance3 = 0;
  resetProbabilities(probabilities, (LITERAL + LITERAL_SIZE * ((literalMask + 1) << contextBits)) >> 1);
}

/** Decodes a chunk that has this length packed and that one unpacked. */
export function decodeChunk(packed: usize, packedLength: usize, length: usize): void {
  const packedEnd = packed + packedLength;
  const start = makeRoom(length);
  const end = start + length;
  const position = <u32>writtenLength() - <u32>start;
  const before = reach();
  beginRange(packed);
  let to = start;
  let previous: u32 = before > 0 ? byteBack(to, 1) : 0;
  while (to < end) {
    const here = position + <u32>to;
    const place = ((state << 4) + (here & positionMask)) << 1;
    if (!decodeBit(probabilities + IS_MATCH + place)) {
      previous = decodeLiteral(to, here, previous);
      store<u8>(to++, previous);
    } else {
      const matchLength = <usize>decodeMatch(place, here & positionMask);
      if (distance0 >= before + (to - start) || matchLength > end - to) corrupt();
      copyMatch(to, distance0 + 1, matchLength);
      to += matchLength;
      previous = load<u8>(to - 1);
    }
    if (rangePosition() > packedEnd) corrupt();
  }
  if (rangePosition() != packedEnd || !isRangeUsedUp()) corrupt();
  advanceWindow(to);
}

function decodeLiteral(to: usize, here: u32, previous: u32): u32 {
  const context = ((here & literalMask) << contextBits) + (previous >> (8 - contextBits));
  const at = probabilities + LITERAL + LITERAL_SIZE * context;
  if (state < AFTER_MATCH) {
    state = state < 4 ? 0 : state - 3;
    return decodeTree(at, 8);
  }
  state -= state < 10 ? 3 : 6;
  return decodeMatchedLiteral(at, byteBack(to, distance0 + 1));
}

/** Decodes a match, whose distance is the last one then, and answers its length. */
function decodeMatch(place: usize, positionState: u32): u32 {
  const wasLiteral = state < AFTER_MATCH;
  const at = probabilities + (state << 1);
  if (!decodeBit(at + IS_REPEATED)) {
    distance3 = distance2;
    distance2 = distance1;
    distance1 = distance0;
    state = wasLiteral ? 7 : 10;
    const length = decodeLength(probabilities + MATCH_LENGTH, positionState);
    distance0 = decodeDistance(min(length - 2, 3));
    return length;
  }
  if (!decodeBit(at + IS_REPEATED_0)) {
    if (!decodeBit(probabilities + IS_LONG + place)) {
      state = wasLiteral ? 9 : 11;
      return 1;
    }
  } else {
    repeatDistance(at);
  }
  state = wasLiteral ? 8 : 11;
  return decodeLength(probabilities + REPEATED_LENGTH, positionState);
}

/** Takes the second, third or fourth last distance. */
function repeatDistance(at: usize): void {
  let distance = distance1;
  if (decodeBit(at + IS_REPEATED_1)) {
    if (decodeBit(at + IS_REPEATED_2)) {
      distance = distance3;
      distance3 = distance2;
    } else {
      distance = distance2;
    }
    distance2 = distance1;
  }
  distance1 = distance0;
  distance0 = distance;
}

function decodeLength(at: usize, positionState: u32): u32 {
  const trees = at + 4 + (positionState << 4);
  if (!decodeBit(at)) return 2 + decodeTree(trees, 3);
  if (!decodeBit(at + 2)) return 10 + decodeTree(trees + 2 * 128, 3);
  return 18 + decodeTree(at + 4 + 2 * 256, 8);
}

function decodeDistance(lengthState: u32): u32 {
  const slot = decodeTree(probabilities + DISTANCE_SLOT + (lengthState << 7), 6);
  if (slot < 4) return slot;
  const bits = (slot >> 1) - 1;
  const base = (2 | (slot & 1)) << bits;
  if (slot < 14) return base + decodeReverseTree(probabilities + DISTANCE + ((base - slot) << 1), bits);
  const high = decodeDirectBits(bits - 4) << 4;
  return base + high + decodeReverseTree(probabilities + DISTANCE_LOWEST, 4);
}
