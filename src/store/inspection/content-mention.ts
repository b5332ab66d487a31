import type { HashPart } from '../../foundation/index.ts';
import { joined } from './joined.ts';

/** Where content mentions a hash part. */
export interface ContentMention {
  /** Where it stands first, in bytes from the beginning. */
  readonly offset: number;
  /** Of a text: the line that is, counted from 1. */
  readonly line?: number;
  /** What stands around it there: the line of a text, the letters around it in other content; shortened where that is long. */
  readonly text: string;
  readonly count: number;
}

/** How much is kept before and behind the first mention, in bytes. */
const keptBefore = 80;
const keptBehind = 160;
/** How far git, and so this, looks for a zero byte to tell a text, in bytes. */
const sniffedSize = 8000;

/** Finds a hash part in content that comes piece by piece; undefined where it is not mentioned. */
export function findInContent(chunks: Iterable<Uint8Array>, hashPart: HashPart): ContentMention | undefined {
  const search = new Search(hashPart);
  for (const chunk of chunks) search.add(chunk);
  return search.result();
}

class Search {
  readonly #hashPart: HashPart;
  /** The end of what was searched: a mention may begin in it. */
  #held = Buffer.alloc(0);
  /** Where in `#held` the next mention can begin. */
  #from = 0;
  #length = 0;
  #lines = 0;
  #isText = true;
  #count = 0;
  #first: { readonly offset: number; readonly before: Buffer; behind: Buffer } | undefined;

  constructor(hashPart: HashPart) {
    this.#hashPart = hashPart;
  }

  add(chunk: Uint8Array): void {
    if (this.#length < sniffedSize) this.#sniff(chunk);
    const content = joined(this.#held, chunk);
    const unread = this.#held.length;
    this.#behindFirst(content.subarray(unread));
    for (let at = this.#next(content); at !== -1; at = this.#next(content)) {
      this.#count++;
      this.#from = at + this.#hashPart.length;
      if (this.#first !== undefined) continue;
      this.#lines += linesIn(content.subarray(unread, Math.max(unread, at)));
      this.#noteFirst(content, at, this.#length - unread + at);
    }
    if (this.#first === undefined) this.#lines += linesIn(content.subarray(unread));
    this.#length += chunk.length;
    this.#hold(content);
  }

  result(): ContentMention | undefined {
    if (this.#first === undefined) return undefined;
    const { offset, before, behind } = this.#first;
    const text = this.#isText ? lineAround(before, behind) : lettersAround(before, behind);
    return { offset, ...(this.#isText && { line: this.#lines + 1 }), text, count: this.#count };
  }

  #next(content: Buffer): number {
    return content.indexOf(this.#hashPart, this.#from, 'latin1');
  }

  #noteFirst(content: Buffer, at: number, offset: number): void {
    this.#first = {
      offset,
      before: Buffer.from(content.subarray(Math.max(0, at - keptBefore), at)),
      behind: Buffer.from(content.subarray(at, at + this.#hashPart.length + keptBehind)),
    };
  }

  /** What stands behind the first mention may come with a later piece. */
  #behindFirst(more: Buffer): void {
    if (this.#first === undefined) return;
    const lacking = this.#hashPart.length + keptBehind - this.#first.behind.length;
    if (lacking > 0) this.#first.behind = Buffer.concat([this.#first.behind, more.subarray(0, lacking)]);
  }

  #hold(content: Buffer): void {
    const start = Math.max(0, content.length - keptBefore - this.#hashPart.length + 1);
    const earliest = content.length - this.#hashPart.length + 1;
    this.#held = Buffer.from(content.subarray(start));
    this.#from = Math.max(0, Math.max(this.#from, earliest) - start);
  }

  #sniff(chunk: Uint8Array): void {
    if (chunk.subarray(0, sniffedSize - this.#length).includes(0)) this.#isText = false;
  }
}

function linesIn(content: Buffer): number {
  let lines = 0;
  for (let at = content.indexOf(10); at !== -1; at = content.indexOf(10, at + 1)) lines++;
  return lines;
}

function lineAround(before: Buffer, behind: Buffer): string {
  const start = before.lastIndexOf(10) + 1;
  const end = behind.indexOf(10);
  const head = start === 0 && before.length === keptBefore ? '…' : '';
  const line = Buffer.concat([before.subarray(start), end === -1 ? behind : behind.subarray(0, end)]);
  const tail = end === -1 && behind.length > keptBehind ? '…' : '';
  return `${head}${line.toString('utf8').trim()}${tail}`;
}

function lettersAround(before: Buffer, behind: Buffer): string {
  const head = /[\x20-\x7e]*$/.exec(before.toString('latin1'))?.[0] ?? '';
  const tail = /^[\x20-\x7e]*/.exec(behind.toString('latin1'))?.[0] ?? '';
  return `${head}${tail}`;
}
