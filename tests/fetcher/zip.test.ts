import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { type TestContext, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { chooseSeed, randomFrom, readTree } from '../support/index.ts';
import { FetchRig, failureOf } from './support/fetch-rig.ts';
import { makeRandomTree } from './support/random-tree.ts';
import { missing } from './support/tar-writers.ts';

const seed = chooseSeed();

const pythonProgram = `
import os, stat, sys, zipfile
class Pipe:
    def write(self, data): return sys.stdout.buffer.write(data)
    def flush(self): pass
options = sys.argv[2:]
target = Pipe() if 'streamed' in options else open(sys.argv[1] + '.zip', 'wb')
method = zipfile.ZIP_STORED if 'stored' in options else zipfile.ZIP_DEFLATED
with zipfile.ZipFile(target, 'w', method) as archive:
    for folder, folders, files in os.walk(sys.argv[1]):
        for name in sorted(files + folders):
            place = os.path.join(folder, name)
            path = os.path.relpath(place, sys.argv[1])
            info = zipfile.ZipInfo(path) if os.path.islink(place) else zipfile.ZipInfo.from_file(place, path)
            info.compress_type = method
            if os.path.islink(place):
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
                archive.writestr(info, os.readlink(place))
            elif os.path.isfile(place):
                with archive.open(info, 'w', force_zip64='zip64' in options) as out:
                    out.write(open(place, 'rb').read())
            else: archive.writestr(info, b'')
if 'streamed' not in options: sys.stdout.buffer.write(open(sys.argv[1] + '.zip', 'rb').read())
`;

const python = (options: readonly string[]): ((folder: string) => readonly string[]) => {
  return (folder) => ['-c', pythonProgram, folder, ...options];
};

/** Programs that write the folder that they run in, or that they are told, to standard output. */
const writers: readonly (readonly [string, string, (folder: string) => readonly string[]])[] = [
  ['Info-ZIP', 'zip', () => ['-q', '-r', '-y', '-', '.']],
  ['Info-ZIP, stored', 'zip', () => ['-q', '-r', '-y', '-0', '-', '.']],
  ['bsdtar', 'bsdtar', () => ['-c', '--format', 'zip', '-f', '-', '.']],
  ['Python', 'python3', python([])],
  ['Python, stored', 'python3', python(['stored'])],
  ['Python, ZIP64', 'python3', python(['zip64'])],
  ['Python, streamed', 'python3', python(['streamed'])],
  ['Python, streamed and ZIP64', 'python3', python(['streamed', 'zip64'])],
];

for (const [name, program, words] of writers) {
  test(`a zip archive by ${name}, is read as unzip reads it (seed ${seed})`, async (context) => {
    const reason = missing(program) || missing('unzip');
    if (reason !== false) {
      context.skip(reason);
      return;
    }
    const rig = await FetchRig.create(context);
    const folder = rig.place('tree');
    await mkdir(folder);
    await makeRandomTree(folder, randomFrom(seed));
    const { stdout } = spawnSync(program, words(folder), { cwd: folder, maxBuffer: 2 ** 28 });
    await mkdir(rig.place('files'));
    await writeFile(rig.place('files/x'), stdout);
    const extraction = ['-q', rig.place('files/x'), '-d', rig.place('extracted')];
    // In other languages of the system it takes names for something else.
    const environment = { ...process.env, LC_ALL: 'C.UTF-8' };
    const { status, stderr } = spawnSync('unzip', extraction, { encoding: 'utf8', env: environment });
    assert.equal(status, 0, stderr);
    const expected = await readTree(rig.place('extracted'));
    assert.ok(expected.size > 10);
    const fetched = await rig.http('x');
    assert.equal(fetched.result.outcome, 'finished', fetched.log.join('\n'));
    assert.deepEqual(fetched.tree, expected);
  });
}

interface Member {
  readonly name: string;
  readonly content: string;
  readonly mode?: number;
  readonly flags?: number;
  /** What its own header says differently. */
  readonly ownName?: string;
  readonly ownSize?: number;
  /** Where the directory says that it lies. */
  readonly offset?: number;
}

/** Lays a zip archive out byte by byte, so that it can be wrong. All is stored. */
function layOut(members: readonly Member[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const content = Buffer.from(member.content);
    const sums = Buffer.alloc(12);
    sums.writeUInt32LE(crc32(content), 0);
    sums.writeUInt32LE(content.length, 4);
    sums.writeUInt32LE(content.length, 8);
    const start = Buffer.alloc(10);
    start.writeUInt16LE(20, 0);
    start.writeUInt16LE(member.flags ?? 0, 2);
    const ownSums = Buffer.from(sums);
    if (member.ownSize !== undefined) ownSums.writeUInt32LE(member.ownSize, 4);
    const ownName = Buffer.from(member.ownName ?? member.name);
    const name = Buffer.from(member.name);
    const own = Buffer.concat([
      Buffer.from('PK\x03\x04'),
      start,
      ownSums,
      lengths(ownName.length, 0),
      ownName,
      content,
    ]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(((member.mode ?? 0o100644) << 16) >>> 0, 6);
    rest.writeUInt32LE(member.offset ?? offset, 10);
    directory.push(
      Buffer.from('PK\x01\x02\x14\x03'),
      start,
      sums,
      lengths(name.length, 0),
      rest.subarray(0, 14),
      name,
    );
    parts.push(own);
    offset += own.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, list, end]);
}

function lengths(name: number, extra: number): Buffer {
  const both = Buffer.alloc(4);
  both.writeUInt16LE(name, 0);
  both.writeUInt16LE(extra, 2);
  return both;
}

async function failureWith(context: TestContext, archive: Uint8Array): Promise<string> {
  const rig = await FetchRig.create(context);
  await mkdir(rig.place('files'));
  await writeFile(rig.place('files/x'), archive);
  return failureOf(await rig.http('x'));
}

const wrong: readonly (readonly [string, readonly Member[], RegExp])[] = [
  ['an entry that climbs out', [{ name: '../x', content: '' }], /^13: /],
  ['an absolute entry', [{ name: '/x', content: '' }], /^13: .* \/x$/],
  ['a name that is not UTF-8', [{ name: 'x', content: '' }], /^13: .*UTF-8/],
  ['an encrypted file', [{ name: 'x', content: 'secret', flags: 1 }], /^14: .*encrypted file: x$/],
  ['a device', [{ name: 'x', content: '', mode: 0o020644 }], /^14: .* x$/],
  ['a header with another name', [{ name: 'x', content: '', ownName: 'y' }], /^12: .*corrupt$/],
  ['a header with another size', [{ name: 'x', content: 'abc', ownSize: 2 }], /^12: .*corrupt$/],
  [
    'files that share bytes',
    [
      { name: 'x', content: 'abc' },
      { name: 'x', content: 'abc', offset: 0 },
    ],
    /^12: .*corrupt$/,
  ],
  [
    'an entry below a symbolic link',
    [
      { name: 'x', content: '/tmp', mode: 0o120777 },
      { name: 'x/y', content: '' },
    ],
    /^13: .* x\/y$/,
  ],
];

for (const [what, members, expected] of wrong) {
  test(`a zip archive with ${what} is refused`, async (context) => {
    const archive = layOut(members);
    if (what.includes('UTF-8')) archive.fill(0x81, 30, 31).fill(0x81, 77, 78);
    assert.match(await failureWith(context, archive), expected);
  });
}

test('a zip archive that is cut or changed is refused', async (context) => {
  const archive = layOut([{ name: 'x', content: 'abcdef' }]);
  assert.match(await failureWith(context, archive.subarray(0, -1)), /^12: /);
  archive[32] = (archive[32] as number) ^ 1;
  assert.match(await failureWith(context, archive), /^12: /);
});

test('files in a zip archive may be listed in another order than they lie in', async (context) => {
  const rig = await FetchRig.create(context);
  await mkdir(rig.place('files'));
  const one = { name: 'x', content: 'abc' };
  const other = { name: 'y', content: 'defg' };
  const archive = layOut([one, other]);
  // Each has 30 bytes and its name and content before the directory, and 46 and its name in it.
  const list = archive.subarray(69, -22);
  const turned = Buffer.concat([
    archive.subarray(0, 69),
    list.subarray(47),
    list.subarray(0, 47),
    archive.subarray(-22),
  ]);
  await writeFile(rig.place('files/x'), turned);
  const fetched = await rig.http('x');
  assert.deepEqual([...fetched.tree.keys()], ['x', 'y'], fetched.log.join('\n'));
});
