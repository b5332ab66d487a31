import fs from 'node:fs';
import path from 'node:path';

// The real functions: what is done here is a part of the operation that is struck.
const { appendFileSync, copyFileSync, mkdirSync, readdirSync, rmSync, statSync, truncateSync, writeSync } =
  fs;

type Arguments = readonly unknown[];

/** Does the half of an operation, for those of which there is one: what a process leaves that dies within. */
export function halve(name: string, values: Arguments): void {
  if (name === 'write') halfOfWrite(values);
  else if (name === 'writeFile') halfOfFile(values);
  else if (name === 'copyFile') halfOfCopy(values);
  else if (name === 'rm') halfOfRemoval(values);
  else if (name === 'mkdir') halfOfFolders(values);
}

function halfOfWrite([descriptor, content, offset = 0, length, position]: Arguments): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : (content as Uint8Array);
  const start = typeof content === 'string' ? 0 : Number(offset);
  const count = typeof content === 'string' ? bytes.length : Number(length ?? bytes.length - start);
  writeSync(descriptor as number, bytes, start, count >> 1, typeof position === 'number' ? position : null);
}

function halfOfFile([file, content]: Arguments): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : (content as Uint8Array);
  if (typeof file === 'string') appendFileSync(file, bytes.subarray(0, bytes.length >> 1));
}

function halfOfCopy([from, to]: Arguments): void {
  copyFileSync(from as string, to as string);
  truncateSync(to as string, statSync(from as string).size >> 1);
}

function halfOfRemoval([target]: Arguments): void {
  const folder = target as string;
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  const names = readdirSync(folder);
  for (const name of names.slice(0, Math.ceil(names.length / 2)))
    rmSync(path.join(folder, name), { recursive: true });
}

/** Of a folder with those above it, the uppermost that is missing. */
function halfOfFolders([target, options]: Arguments): void {
  if (typeof options !== 'object' || options === null || !('recursive' in options)) return;
  let folder = target as string;
  if (fs.existsSync(folder)) return;
  while (!fs.existsSync(path.dirname(folder))) folder = path.dirname(folder);
  mkdirSync(folder);
}
