import { DiagnosticError } from '../diagnostics/index.ts';
import { type Digest, type Sha256, digestOf, parseDigest } from '../foundation/index.ts';
import {
  type Directory,
  type DirectoryNode,
  type FileNode,
  type SymlinkNode,
  faultOfNames,
  sortedByName,
} from './directory.ts';
import { MessageReader, MessageWriter } from './wire-format.ts';

/*
 * The `Directory` message of the Remote Execution API, version 2 (protocol/directory.proto), in its canonical form:
 * lists sorted by the UTF-8 bytes of the name, fields in the order of their numbers, defaults left out.
 */
const directoryFields = { files: 1, directories: 2, symlinks: 3 };
const fileFields = { name: 1, digest: 2, executable: 4 };
const directoryNodeFields = { name: 1, digest: 2 };
const symlinkFields = { name: 1, target: 2 };
const digestFields = { hash: 1, size: 2 };

/** A directory with its canonical encoding. */
export interface EncodedDirectory {
  readonly directory: Directory;
  readonly encoding: Uint8Array;
  readonly digest: Digest;
}

/** A directory with valid names, encoded, and the digest of that. */
export function withEncoding(directory: Directory): EncodedDirectory {
  const sorted = {
    files: sortedByName(directory.files),
    directories: sortedByName(directory.directories),
    symlinks: sortedByName(directory.symlinks),
  };
  const encoding = encodeDirectory(sorted);
  return { directory: sorted, encoding, digest: digestOf(encoding) };
}

/** The canonical encoding. The names are taken as valid. */
export function encodeDirectory(directory: Directory<Digest | Sha256>): Uint8Array {
  const writer = new MessageWriter();
  for (const file of sortedByName(directory.files)) {
    writer.message(directoryFields.files, () => {
      writer.text(fileFields.name, file.name);
      writeDigest(writer, fileFields.digest, file);
      writer.number(fileFields.executable, file.executable ? 1 : 0);
    });
  }
  for (const child of sortedByName(directory.directories)) {
    writer.message(directoryFields.directories, () => {
      writer.text(directoryNodeFields.name, child.name);
      writeDigest(writer, directoryNodeFields.digest, child);
    });
  }
  for (const link of sortedByName(directory.symlinks)) {
    writer.message(directoryFields.symlinks, () => {
      writer.text(symlinkFields.name, link.name);
      writer.text(symlinkFields.target, link.target);
    });
  }
  return writer.finish();
}

function writeDigest(writer: MessageWriter, field: number, { digest, size }: DirectoryNode<string>): void {
  writer.message(field, () => {
    writer.text(digestFields.hash, digest);
    writer.number(digestFields.size, size);
  });
}

/**
 * The directory that the bytes encode.
 *
 * @throws DiagnosticError CAB5007 where they are not the canonical encoding of a directory with valid names.
 */
export function decodeDirectory(encoding: Uint8Array): Directory {
  const directory = decodeChecked(encoding);
  // Whatever strays from the canonical form (order, defaults, unknown fields, long numbers) encodes to other bytes.
  if (!Buffer.from(encodeDirectory(directory)).equals(encoding))
    throw notCanonical('its encoding is not the canonical one');
  return directory;
}

/** The same for an encoding that was found to be canonical before, of which the digest tells that it has not changed since. */
export function decodeChecked(encoding: Uint8Array): Directory {
  const directory = readDirectory(encoding);
  if (typeof directory === 'string') throw notCanonical(directory);
  const fault = faultOfNames(directory);
  if (fault !== undefined) throw notCanonical(fault);
  return directory;
}

function notCanonical(reason: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5007',
    severity: 'error',
    message: `a tree cannot be accepted: ${reason}`,
  });
}

/** The directory, or what keeps the bytes from being one. */
function readDirectory(encoding: Uint8Array): Directory | string {
  const files: FileNode[] = [];
  const directories: DirectoryNode[] = [];
  const symlinks: SymlinkNode[] = [];
  try {
    for (const { field, message } of new MessageReader(encoding).fields()) {
      if (field === directoryFields.files) files.push(readFile(message()));
      else if (field === directoryFields.directories) directories.push(readDirectoryNode(message()));
      else if (field === directoryFields.symlinks) symlinks.push(readSymlink(message()));
      else return `its encoding has the unknown field ${field}`;
    }
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return error.message;
    throw error;
  }
  return { files, directories, symlinks };
}

function readFile(reader: MessageReader): FileNode {
  let name = '';
  let reference: { readonly digest: Digest; readonly size: number } | undefined;
  let executable = false;
  for (const { field, text, number, message } of reader.fields()) {
    if (field === fileFields.name) name = text();
    else if (field === fileFields.digest) reference = readDigest(message());
    else if (field === fileFields.executable) executable = number() === 1;
    else throw new RangeError(`a file in it has the unknown field ${field}`);
  }
  if (reference === undefined) throw new RangeError(`the file '${name}' has no digest`);
  return { name, ...reference, executable };
}

function readDirectoryNode(reader: MessageReader): DirectoryNode {
  let name = '';
  let reference: { readonly digest: Digest; readonly size: number } | undefined;
  for (const { field, text, message } of reader.fields()) {
    if (field === directoryNodeFields.name) name = text();
    else if (field === directoryNodeFields.digest) reference = readDigest(message());
    else throw new RangeError(`a directory in it has the unknown field ${field}`);
  }
  if (reference === undefined) throw new RangeError(`the directory '${name}' has no digest`);
  return { name, ...reference };
}

function readSymlink(reader: MessageReader): SymlinkNode {
  let name = '';
  let target = '';
  for (const { field, text } of reader.fields()) {
    if (field === symlinkFields.name) name = text();
    else if (field === symlinkFields.target) target = text();
    else throw new RangeError(`a symbolic link in it has the unknown field ${field}`);
  }
  return { name, target };
}

function readDigest(reader: MessageReader): { readonly digest: Digest; readonly size: number } {
  let hash = '';
  let size = 0;
  for (const { field, text, number } of reader.fields()) {
    if (field === digestFields.hash) hash = text();
    else if (field === digestFields.size) size = number();
    else throw new RangeError(`a digest in it has the unknown field ${field}`);
  }
  const digest = parseDigest(hash);
  if (digest === undefined) throw new RangeError(`'${hash}' is no digest`);
  return { digest, size };
}
