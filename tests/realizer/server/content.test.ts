import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { create, toBinary } from '@bufbuild/protobuf';
import {
  ByteStream,
  Capabilities,
  Compressor_Value,
  type ContentDigest,
  ContentAddressableStorage,
  DigestFunction_Value,
  DirectorySchema,
  digestFunctionValue,
  messageDigestOf,
} from '../../../src/realizer/protocol/index.ts';
import { randomFrom } from '../../support/index.ts';
import { MemoryStore, named } from './support/memory-store.ts';
import { served } from './support/served.ts';

const both: readonly ContentDigest['function'][] = ['blake3', 'sha256'];

test('it says that it speaks 2.0 to 2.12, both digest functions and zstd', async () => {
  await using server = await served();
  const answer = await createClient(Capabilities, server.transport()).getCapabilities({});
  assert.deepEqual([answer.lowApiVersion?.major, answer.lowApiVersion?.minor], [2, 0]);
  assert.deepEqual([answer.highApiVersion?.major, answer.highApiVersion?.minor], [2, 12]);
  const { cacheCapabilities, executionCapabilities } = answer;
  assert.deepEqual(cacheCapabilities?.digestFunctions, [
    DigestFunction_Value.BLAKE3,
    DigestFunction_Value.SHA256,
  ]);
  assert.deepEqual(cacheCapabilities?.supportedCompressors, [Compressor_Value.ZSTD]);
  assert.equal(cacheCapabilities?.maxBatchTotalSizeBytes, 4n << 20n);
  assert.equal(executionCapabilities?.execEnabled, true);
});

for (const name of both) {
  test(`a batch of ${name} is put, found and read again, compressed or not`, async () => {
    await using server = await served();
    const cas = createClient(ContentAddressableStorage, server.transport());
    const digestFunction = digestFunctionValue(name);
    const contents = ['', 'one', 'two'.repeat(5000)].map((text) => Buffer.from(text));
    const digests = contents.map((content) => messageDigestOf(named(content, name)));
    const before = await cas.findMissingBlobs({ blobDigests: digests, digestFunction });
    assert.deepEqual(
      before.missingBlobDigests.map(({ hash }) => hash),
      digests.slice(1).map(({ hash }) => hash),
    );
    const requests = contents.map((data, index) => ({
      digest: digests[index],
      data: index === 2 ? zstdCompressSync(data) : data,
      compressor: index === 2 ? Compressor_Value.ZSTD : Compressor_Value.IDENTITY,
    }));
    const updated = await cas.batchUpdateBlobs({ requests, digestFunction });
    assert.deepEqual(
      updated.responses.map(({ status }) => status?.code),
      [0, 0, 0],
    );
    assert.deepEqual(
      (await cas.findMissingBlobs({ blobDigests: digests, digestFunction })).missingBlobDigests,
      [],
    );
    const plain = await cas.batchReadBlobs({ digests, digestFunction });
    assert.deepEqual(
      plain.responses.map(({ data }) => Buffer.from(data)),
      contents,
    );
    const acceptableCompressors = [Compressor_Value.ZSTD];
    const small = await cas.batchReadBlobs({ digests, digestFunction, acceptableCompressors });
    assert.equal(small.responses[2]?.compressor, Compressor_Value.ZSTD);
    assert.deepEqual(zstdDecompressSync(small.responses[2].data), contents[2]);
  });
}

test('each blob of a batch has its own status', async () => {
  await using server = await served();
  const cas = createClient(ContentAddressableStorage, server.transport());
  const digestFunction = DigestFunction_Value.BLAKE3;
  const right = named('right');
  const { responses } = await cas.batchUpdateBlobs({
    digestFunction,
    requests: [
      { digest: messageDigestOf(right), data: Buffer.from('right') },
      { digest: messageDigestOf(named('other')), data: Buffer.from('wrong') },
      { digest: { hash: 'ABC', sizeBytes: 1n }, data: Buffer.from('x') },
      { digest: { hash: right.hash, sizeBytes: -5n }, data: Buffer.from('x') },
      { digest: messageDigestOf(named('z')), data: Buffer.from('z'), compressor: Compressor_Value.BROTLI },
      {
        digest: messageDigestOf(named('z')),
        data: Buffer.from('no zstd'),
        compressor: Compressor_Value.ZSTD,
      },
      // A bomb: a mebibyte of zeros that says it comes to ten bytes.
      {
        digest: messageDigestOf({ ...named('0123456789') }),
        data: zstdCompressSync(Buffer.alloc(1 << 20)),
        compressor: Compressor_Value.ZSTD,
      },
    ],
  });
  const invalid = Code.InvalidArgument;
  assert.deepEqual(
    responses.map(({ status }) => status?.code),
    [0, invalid, invalid, invalid, invalid, invalid, invalid],
  );
  assert.deepEqual([...server.store.contents.keys()], [`blake3/${right.hash}/5`]);
  const read = await cas.batchReadBlobs({ digestFunction, digests: [messageDigestOf(named('none'))] });
  assert.equal(read.responses[0]?.status?.code, Code.NotFound);
});

test('a batch beyond the limit and an unknown digest function are refused', async () => {
  await using server = await served();
  const cas = createClient(ContentAddressableStorage, server.transport());
  const digests = Array.from({ length: 5 }, () => ({ hash: named('').hash, sizeBytes: 1n << 20n }));
  await refused(
    cas.batchReadBlobs({ digests, digestFunction: DigestFunction_Value.BLAKE3 }),
    Code.InvalidArgument,
    /by ByteStream/,
  );
  await refused(
    cas.findMissingBlobs({ digestFunction: DigestFunction_Value.MD5 }),
    Code.InvalidArgument,
    /SHA256 and BLAKE3/,
  );
});

for (const name of both) {
  test(`what is written by ByteStream in ${name} is read again, from any place, to any place`, async () => {
    await using server = await served();
    const stream = createClient(ByteStream, server.transport());
    const content = someBytes(7, 3_000_001);
    const digest = named(content, name);
    const segment = name === 'blake3' ? 'blake3/' : '';
    const resource = `blobs/${segment}${digest.hash}/${digest.size}`;
    const written = await stream.write(
      pieces(`in/stance/uploads/${'a'.repeat(36)}/${resource}/more/things`, content, 100_000),
    );
    assert.equal(written.committedSize, BigInt(content.length));
    assert.deepEqual(await read(stream, { resourceName: resource }), content);
    assert.deepEqual(
      await read(stream, { resourceName: `main/${resource}`, readOffset: 2_999_000n }),
      content.subarray(2_999_000),
    );
    assert.deepEqual(
      await read(stream, { resourceName: resource, readOffset: 65_000n, readLimit: 700_000n }),
      content.subarray(65_000, 765_000),
    );
    assert.deepEqual(
      await read(stream, { resourceName: resource, readOffset: BigInt(content.length) }),
      Buffer.alloc(0),
    );
  });

  test(`content compressed by zstd is written and read in ${name}`, async () => {
    await using server = await served();
    const stream = createClient(ByteStream, server.transport());
    // Long enough that it does not come in one message.
    const content = Buffer.from('It goes on and on. '.repeat(500_000));
    const digest = named(content, name);
    const resource = `compressed-blobs/zstd/${name === 'blake3' ? 'blake3/' : ''}${digest.hash}/${digest.size}`;
    const compressed = zstdCompressSync(content);
    assert.equal((await stream.write(pieces(`uploads/u/${resource}`, compressed, 100))).committedSize, -1n);
    assert.deepEqual([...server.store.contents.values()], [content]);
    const back = await read(stream, { resourceName: resource });
    assert.ok(back.length < content.length / 10);
    assert.deepEqual(zstdDecompressSync(back), content);
    const rest = await read(stream, { resourceName: resource, readOffset: 9_000_000n });
    assert.deepEqual(zstdDecompressSync(rest), content.subarray(9_000_000));
  });
}

test('writing what is there ends early, and says that all of it is there', async () => {
  await using server = await served();
  const stream = createClient(ByteStream, server.transport());
  const content = Buffer.alloc(20 << 20, 7);
  const digest = server.store.add(content);
  const name = (blobs: string): string => `uploads/u/${blobs}/blake3/${digest.hash}/${digest.size}`;
  assert.equal((await stream.write(pieces(name('blobs'), content, 1 << 20))).committedSize, 20n << 20n);
  const first = content.subarray(0, 10);
  assert.equal((await stream.write(pieces(name('compressed-blobs/zstd'), first, 10))).committedSize, -1n);
});

test('content other than its digest says is refused, and nothing of it stays', async () => {
  await using server = await served();
  const stream = createClient(ByteStream, server.transport());
  const content = Buffer.alloc(6 << 20, 1);
  const { hash, size } = named(content);
  const name = (length: number): string => `uploads/u/blobs/blake3/${hash}/${length}`;
  const changed = Buffer.from(content);
  changed[5_000_000] = 2;
  const invalid = Code.InvalidArgument;
  await refused(stream.write(pieces(name(size), changed, 1 << 20)), invalid, /is not what the digest/);
  await refused(
    stream.write(pieces(name(size), content.subarray(1), 1 << 20)),
    invalid,
    /is not what the digest/,
  );
  await refused(
    stream.write(pieces(name(size - 1), content, 1 << 20)),
    invalid,
    /more than the 6291455 bytes/,
  );
  await refused(
    stream.write(pieces(name(size), Buffer.from('small'), 10)),
    invalid,
    /is not what the digest/,
  );
  const compressed = `uploads/u/compressed-blobs/zstd/blake3/${hash}/${size}`;
  await refused(stream.write(pieces(compressed, content, 1 << 20)), invalid, /not compressed by zstd/);
  const bomb = zstdCompressSync(Buffer.alloc(200 << 20));
  await refused(stream.write(pieces(compressed, bomb, 1 << 20)), invalid, /is not what|more than the/);
  await refused(stream.write(pieces(compressed, bomb, 5000)), invalid, /more than the 6291456 bytes/);
  assert.equal(server.store.contents.size, 0);
});

test('names that are none, places outside and what is not there are told apart', async () => {
  await using server = await served({ contentLimits: { blobBytes: 1000 } });
  const stream = createClient(ByteStream, server.transport());
  const { hash } = server.store.add('hello');
  const invalid = Code.InvalidArgument;
  const reading: readonly [string, Code, RegExp][] = [
    ['', invalid, /neither 'blobs' nor/],
    [`blobs/blake3/${hash}`, invalid, /'' is no size/],
    [`blobs/blake3/${hash}/-5`, invalid, /'-5' is no size/],
    [`blobs/blake3/${hash.toUpperCase()}/5`, invalid, /is no digest/],
    [`compressed-blobs/gzip/blake3/${hash}/5`, invalid, /the compressor 'gzip'/],
    [`blobs/${hash}/5`, Code.NotFound, /there is no content/],
    [`blobs/blake3/../../etc/passwd/5`, invalid, /is no size|is no digest/],
    [`${'x/'.repeat(5000)}blobs/blake3/${hash}/5`, invalid, /longer than 4096/],
  ];
  for (const [resourceName, code, message] of reading)
    await refused(read(stream, { resourceName }), code, message);
  const resourceName = `blobs/blake3/${hash}/5`;
  await refused(read(stream, { resourceName, readOffset: 6n }), Code.OutOfRange, /the offset 6/);
  await refused(read(stream, { resourceName, readOffset: -1n }), Code.OutOfRange, /the offset -1/);
  await refused(read(stream, { resourceName, readLimit: -1n }), invalid, /the limit -1/);
  const writing: readonly [string, Code, RegExp][] = [
    [resourceName, invalid, /it has no 'uploads'/],
    [`uploads//${resourceName}`, invalid, /no id/],
    [`uploads/u/blobs/blake3/${hash}/1001`, Code.ResourceExhausted, /larger than the 1000/],
  ];
  for (const [name, code, message] of writing)
    await refused(stream.write(pieces(name, Buffer.from('hello'), 5)), code, message);
});

test('an upload that was cut goes on where it was, for the client that began it', async () => {
  await using server = await served();
  const stream = createClient(ByteStream, server.transport());
  const content = someBytes(5, 6 << 20);
  const { hash, size } = named(content);
  const resourceName = `uploads/mine/blobs/blake3/${hash}/${size}`;
  const half = 3 << 20;
  const cutter = new AbortController();
  const cut = stream.write(
    (async function* () {
      yield { resourceName, data: content.subarray(0, half) };
      await committed(half);
      cutter.abort();
      yield { data: content.subarray(half) };
    })(),
    { signal: cutter.signal },
  );
  await refused(cut, Code.Canceled, /abort/);
  async function committed(count: number): Promise<void> {
    for (;;) {
      const status = await stream.queryWriteStatus({ resourceName });
      if (Number(status.committedSize) === count) return;
    }
  }
  assert.equal((await stream.queryWriteStatus({ resourceName })).complete, false);
  await refused(
    stream.write(pieces(resourceName, content.subarray(half + 1), 1 << 20, half + 1)),
    Code.OutOfRange,
    /goes on at 3145728, and not at 3145729/,
  );
  const other = resourceName.replace('mine', 'another');
  assert.equal((await stream.queryWriteStatus({ resourceName: other })).committedSize, 0n);
  assert.equal(
    (await stream.write(pieces(resourceName, content.subarray(half), 1 << 20, half))).committedSize,
    BigInt(size),
  );
  const status = await stream.queryWriteStatus({ resourceName });
  assert.deepEqual([status.committedSize, status.complete], [BigInt(size), true]);
  assert.deepEqual([...server.store.contents.values()], [content]);
});

test('an upload that begins anew forgets what came before', async () => {
  await using server = await served();
  const stream = createClient(ByteStream, server.transport());
  const content = someBytes(6, 6 << 20);
  const { hash, size } = named(content);
  const resourceName = `uploads/mine/blobs/blake3/${hash}/${size}`;
  const half = await stream.write(
    (async function* () {
      yield { resourceName, data: content.subarray(0, 1 << 20) };
    })(),
  );
  assert.equal(half.committedSize, 1n << 20n);
  assert.equal((await stream.write(pieces(resourceName, content, 1 << 20))).committedSize, BigInt(size));
  assert.equal(server.store.abandoned, 1);
});

for (const name of both) {
  test(`a tree of ${name} is given whole, each directory once, and in pages`, async () => {
    const store = new MemoryStore();
    await using server = await served({ store });
    const directory = (fields: object): ContentDigest =>
      store.add(toBinary(DirectorySchema, create(DirectorySchema, fields)), name);
    const leaf = directory({ files: [{ name: 'f', digest: messageDigestOf(named('x', name)) }] });
    const gone = named('gone', name);
    const middles = Array.from({ length: 25 }, (_, index) =>
      directory({
        directories: [
          { name: 'leaf', digest: messageDigestOf(leaf) },
          { name: `z${index}`, digest: messageDigestOf(gone) },
        ],
      }),
    );
    const rootDigest = messageDigestOf(
      directory({
        directories: middles.map((each, index) => ({ name: `d${index}`, digest: messageDigestOf(each) })),
      }),
    );
    const cas = createClient(ContentAddressableStorage, server.transport());
    const digestFunction = digestFunctionValue(name);
    const pages = await all(cas.getTree({ rootDigest, digestFunction, pageSize: 10 }));
    assert.deepEqual(
      pages.map(({ directories }) => directories.length),
      [10, 10, 7],
    );
    const [second] = await all(
      cas.getTree({ rootDigest, digestFunction, pageSize: 10, pageToken: pages[0]?.nextPageToken ?? '' }),
    );
    assert.deepEqual(second, pages[1]);
    assert.equal(pages.at(-1)?.nextPageToken, '');
    const absent = cas.getTree({ rootDigest: messageDigestOf(gone), digestFunction });
    await refused(all(absent), Code.NotFound, /no directory/);
    const noDirectory = messageDigestOf(store.add(Buffer.alloc(10, 255), name));
    await refused(
      all(cas.getTree({ rootDigest: noDirectory, digestFunction })),
      Code.InvalidArgument,
      /is no directory/,
    );
  });
}

async function refused(call: Promise<unknown>, code: Code, message: RegExp): Promise<void> {
  await assert.rejects(call, (error: unknown) => {
    assert.ok(error instanceof ConnectError, String(error));
    assert.match(error.rawMessage, message);
    assert.equal(Code[error.code], Code[code]);
    return true;
  });
}

type ReadRequest = { resourceName: string; readOffset?: bigint; readLimit?: bigint };

async function read(
  stream: { read(request: ReadRequest): AsyncIterable<{ data: Uint8Array }> },
  request: ReadRequest,
): Promise<Buffer> {
  return Buffer.concat((await all(stream.read(request))).map(({ data }) => data));
}

async function* pieces(resourceName: string, content: Uint8Array, size: number, from = 0) {
  for (let start = 0; start === 0 || start < content.length; start += size) {
    yield {
      resourceName: start === 0 ? resourceName : '',
      writeOffset: BigInt(from + start),
      data: content.subarray(start, start + size) as Uint8Array<ArrayBuffer>,
      finishWrite: start + size >= content.length,
    };
  }
}

function someBytes(seed: number, length: number): Buffer {
  const random = randomFrom(seed);
  const content = Buffer.alloc(length);
  for (let place = 0; place + 4 <= length; place += 4)
    content.writeUInt32LE(Math.floor(random() * 2 ** 32), place);
  return content;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
