import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { makeCertificates } from '../support/authority.ts';
import { chooseSeed, randomFrom, startGitServer } from '../support/index.ts';
import { ShellRig, failureOf } from './support/shell-rig.ts';
import { TestServer } from './support/test-server.ts';

const fix = { kind: 'self' } as const;
const content = Buffer.from(Array.from({ length: 40_000 }, (_, line) => `line ${line}\n`).join(''));
const half = content.length / 2;
const tag = { etag: '"one"' };
const old = 'Wed, 01 Jan 2020 00:00:00 GMT';

/** Sends half of the content and loses the connection, once that has gone out. */
function sendHalf(response: ServerResponse, headers: OutgoingHttpHeaders): void {
  const length = 'transfer-encoding' in headers ? {} : { 'content-length': content.length };
  response.writeHead(200, { ...length, ...headers });
  response.write(content.subarray(0, half), () => response.socket?.end());
}

/** Sends a header, and as much of a body, and loses the connection. */
function lose(request: IncomingMessage, response: ServerResponse, sent: string): void {
  response.writeHead(200, { 'content-type': 'pack', ...tag });
  response.flushHeaders();
  setImmediate(() =>
    sent === '' ? response.socket?.end() : response.write(sent, () => response.socket?.end()),
  );
  request.resume();
}

function partHeaders(start = half, total = content.length, end = total - 1): OutgoingHttpHeaders {
  return { 'content-range': `bytes ${start}-${end}/${total}` };
}

/** How a transfer goes on: the first answer's headers, then the second answer. */
interface Case {
  readonly title: string;
  readonly first: OutgoingHttpHeaders;
  readonly second?: {
    readonly status: number;
    readonly headers: OutgoingHttpHeaders;
    readonly body: Uint8Array;
  };
  readonly isContinued: boolean;
}

const rest = content.subarray(half);
const cases: readonly Case[] = [
  {
    title: 'by the rest',
    first: tag,
    second: { status: 206, headers: { ...tag, ...partHeaders() }, body: rest },
    isContinued: true,
  },
  {
    title: 'by the rest, whose length nobody knew',
    first: { ...tag, 'transfer-encoding': 'chunked' },
    second: { status: 206, headers: partHeaders(), body: rest },
    isContinued: true,
  },
  {
    title: 'by the rest of what has not been changed for long',
    first: { 'last-modified': old },
    second: { status: 206, headers: { 'last-modified': old, ...partHeaders() }, body: rest },
    isContinued: true,
  },
  {
    title: 'by the whole, where it is the same',
    first: tag,
    second: { status: 200, headers: tag, body: content },
    isContinued: true,
  },
  {
    title: 'by the whole, where it has changed',
    first: tag,
    second: { status: 200, headers: { etag: '"two"' }, body: content },
    isContinued: false,
  },
  {
    title: 'by the whole, of which nothing is known',
    first: tag,
    second: { status: 200, headers: {}, body: content },
    isContinued: false,
  },
  {
    title: 'by a part of another content',
    first: tag,
    second: { status: 206, headers: { etag: '"two"', ...partHeaders() }, body: rest },
    isContinued: false,
  },
  {
    title: 'by a part that begins elsewhere',
    first: tag,
    second: { status: 206, headers: { ...tag, ...partHeaders(half + 1) }, body: rest.subarray(1) },
    isContinued: false,
  },
  {
    title: 'by a part that ends too early',
    first: tag,
    second: {
      status: 206,
      headers: { ...tag, ...partHeaders(half, content.length, content.length - 2) },
      body: rest.subarray(0, -1),
    },
    isContinued: false,
  },
  {
    title: 'by a part of something longer',
    first: tag,
    second: {
      status: 206,
      headers: { ...tag, ...partHeaders(half, content.length + 1) },
      body: Buffer.concat([rest, Buffer.from('x')]),
    },
    isContinued: false,
  },
  {
    title: 'by a part that does not say where it belongs',
    first: tag,
    second: { status: 206, headers: tag, body: rest },
    isContinued: false,
  },
  {
    title: 'by an error',
    first: tag,
    second: { status: 404, headers: tag, body: content },
    isContinued: false,
  },
  { title: 'not asked for with a weak tag', first: { etag: 'W/"one"' }, isContinued: false },
  { title: 'not asked for without a tag', first: {}, isContinued: false },
  {
    title: 'not asked for where it changed just now',
    first: { 'last-modified': new Date().toUTCString() },
    isContinued: false,
  },
  {
    title: 'not asked for where the server knows no parts',
    first: { ...tag, 'accept-ranges': 'none' },
    isContinued: false,
  },
];

describe('a transfer', () => {
  it('that is cut at any places arrives whole, and nothing comes twice', async (context) => {
    const seed = chooseSeed();
    context.diagnostic(`seed ${seed}`);
    const random = randomFrom(seed);
    await using shell = await ShellRig.create();
    const folder = `${shell.rig.folder}/forge/files`;
    await mkdir(folder, { recursive: true });
    const large = Buffer.from(Uint8Array.from({ length: 3_000_000 }, () => Math.floor(random() * 128)));
    await writeFile(`${folder}/large`, large);
    const server = await startGitServer({ repositories: `${shell.rig.folder}/forge` });
    try {
      const cuts = 12;
      for (let cut = 0; cut < cuts; cut++) {
        const afterBytes = Math.floor((random() * large.length * 2) / cuts);
        server.fault({ kind: 'cut', afterBytes, times: 1 });
      }
      const { result, log } = await shell.run([`get ${server.url}/files/large $out`], { fix });
      assert.deepEqual(log, [`fetch: 200 application/octet-stream ${large.length}`]);
      assert.equal(shell.rig.contents(result)[''], `file:${large.toString()}`);
      const statuses = server.requests.map(({ status }) => status);
      assert.ok(statuses.filter((status) => status === 206).length > 1, statuses.join(' '));
    } finally {
      await server.close();
    }
  });

  for (const { title, first, second, isContinued } of cases) {
    it(`that is cut is ${isContinued ? 'continued' : 'over'}: ${title}`, async () => {
      await using server = await TestServer.start((_, response) => {
        if (server.requests.length === 1) sendHalf(response, first);
        else response.writeHead(second?.status ?? 500, second?.headers).end(second?.body);
      });
      await using shell = await ShellRig.create();
      const { log, result } = await shell.run([`get ${server.url}/ $out`], { fix });
      const end = isContinued ? content.length : 'error -6';
      assert.deepEqual(log, [`fetch: 200 none ${end}`]);
      if (isContinued) assert.equal(shell.rig.contents(result)[''], `file:${content.toString()}`);
      const [, again] = server.requests;
      assert.equal(server.requests.length, second === undefined ? 1 : 2);
      if (second === undefined) return;
      assert.equal(again?.headers.range, `bytes=${half}-`);
      assert.equal(again?.headers['if-range'], first['etag'] ?? first['last-modified']);
    });
  }

  it('of which nothing more comes is given up after some tries', async () => {
    await using server = await TestServer.start((request, response) => {
      if (request.headers.range === undefined) sendHalf(response, tag);
      else {
        response.writeHead(206, { ...tag, ...partHeaders(), 'content-length': rest.length });
        response.flushHeaders();
        setImmediate(() => response.socket?.end());
      }
    });
    await using shell = await ShellRig.create();
    assert.deepEqual(await shell.logOf([`get ${server.url}/`], { fix }), ['fetch: 200 none error -6']);
    assert.equal(server.requests.length, 4);
  });

  it('waits in its middle where the server asks for that', async () => {
    await using server = await TestServer.start((request, response) => {
      if (request.headers.range === undefined) sendHalf(response, tag);
      else if (server.requests.length === 2) response.writeHead(503, { 'retry-after': '1' }).end();
      else response.writeHead(206, { ...tag, ...partHeaders() }).end(rest);
    });
    await using shell = await ShellRig.create();
    assert.deepEqual(await shell.logOf([`get ${server.url}/`], { fix }), [
      `waiting 1 s before ${server.host} is asked again, which answered with status 503`,
      `fetch: 200 none ${content.length}`,
    ]);
  });

  it('that falls silent is continued', async () => {
    await using server = await TestServer.start((request, response) => {
      if (request.headers.range === undefined) {
        response
          .writeHead(200, { 'content-length': content.length, ...tag })
          .write(content.subarray(0, half));
      } else response.writeHead(206, { ...tag, ...partHeaders() }).end(rest);
    });
    await using shell = await ShellRig.create({ requestTimeoutMs: 300 });
    assert.deepEqual(await shell.logOf([`get ${server.url}/`], { fix }), [
      `fetch: 200 none ${content.length}`,
    ]);
  });

  it('of a pack begins again where nothing of it has come, and only then', async () => {
    await using server = await TestServer.start((request, response) => {
      const times = server.requests.filter(({ url }) => url === request.url).length;
      if (request.url === '/some') lose(request, response, 'some');
      else if (request.url === '/none' && times === 1) lose(request, response, '');
      else if (request.url === '/other' && times === 1) lose(request, response, '');
      else if (request.url === '/other') response.writeHead(200, { 'content-type': 'page' }).end('other');
      else response.writeHead(200, { 'content-type': 'pack', ...tag }).end('pack');
    });
    await using shell = await ShellRig.create();
    const log = await shell.logOf(
      ['none', 'some', 'other'].map(
        (path) => `post ${server.url}/${path} application/x-git-upload-pack-request want`,
      ),
      { fix },
    );
    assert.deepEqual(log, ['fetch: 200 pack 4', 'fetch: 200 pack error -6', 'fetch: 200 pack error -6']);
    assert.deepEqual(
      server.requests.map(({ url }) => url),
      ['/none', '/none', '/some', '/other', '/other'],
    );
  });

  it('goes the whole way again, with the credentials for each part of it', async () => {
    await using store = await TestServer.start((request, response) => {
      if (request.headers.range === undefined) sendHalf(response, tag);
      else response.writeHead(206, { ...tag, ...partHeaders() }).end(rest);
    });
    await using origin = await TestServer.start((_, response) => {
      response.writeHead(302, { location: `${store.url}/signed-${origin.requests.length}` }).end();
    });
    const secret = { kind: 'text', text: 'secret' } as const;
    await using shell = await ShellRig.create({
      credentials: [{ place: origin.host, secret, user: undefined, scheme: undefined, allowHttp: false }],
    });
    const { log } = await shell.run([`get ${origin.url}/ $out`], { fix });
    assert.deepEqual(log, [`fetch: 200 none ${content.length}`]);
    assert.deepEqual(
      [...origin.requests, ...store.requests].map(({ url, headers }) => [url, headers.authorization]),
      [
        ['/', 'Bearer secret'],
        ['/', 'Bearer secret'],
        ['/signed-1', undefined],
        ['/signed-2', undefined],
      ],
    );
  });
});

describe('a server that wants to be left alone for a while', () => {
  it('is, and the user learns of it', async () => {
    const now = Date.now();
    const seconds = Math.floor(now / 1000);
    const date = new Date(now).toUTCString();
    const asks: readonly (readonly [number, OutgoingHttpHeaders])[] = [
      [429, { 'retry-after': '1' }],
      [503, { date, 'retry-after': new Date((seconds + 1) * 1000).toUTCString() }],
      [403, { date, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(seconds) }],
    ];
    await Promise.all(
      asks.map(async ([status, headers]) => {
        await using server = await TestServer.start((_, response) => {
          if (server.requests.length === 1) response.writeHead(status, headers).end('later');
          else response.end('now');
        });
        await using shell = await ShellRig.create();
        const log = await shell.logOf([`get ${server.url}/`], { fix });
        assert.deepEqual(log, [
          `waiting 1 s before ${server.host} is asked again, which answered with status ${status}`,
          'fetch: 200 none 3',
        ]);
      }),
    );
  });

  it('for longer than anyone would wait is not waited for, and says for how long', async () => {
    await using server = await TestServer.start((request, response) => {
      const reset = String(Math.floor(Date.now() / 1000) + 3600);
      if (request.url === '/limited') {
        response.writeHead(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }).end();
      } else response.writeHead(403, { 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': reset }).end();
    });
    await using shell = await ShellRig.create();
    const limited = await shell.run([`get ${server.url}/limited`, 'exit 1'], { fix });
    const askedMs = failureOf(limited.result).retryAfterMs ?? 0;
    assert.ok(askedMs > 3_590_000 && askedMs <= 3_602_000, String(askedMs));
    const refused = await shell.run([`get ${server.url}/refused`, 'exit 1'], { fix });
    assert.equal(failureOf(refused.result).retryAfterMs, undefined);
    assert.equal(server.requests.length, 2);
  });

  it('is not asked by other programs either', async () => {
    await using server = await TestServer.start((_, response) => {
      if (server.requests.length === 1) response.writeHead(429, { 'retry-after': '3' }).end();
      else response.end('now');
    });
    await using shell = await ShellRig.create();
    await shell.run(['write $out warm'], { fix });
    const isTold = Promise.withResolvers<void>();
    const first = shell.logOf([`get ${server.url}/first`], { fix, onLog: () => isTold.resolve() });
    await isTold.promise;
    const second = shell.logOf([`get ${server.url}/second`], { fix });
    assert.match((await second)[0] ?? '', /^waiting \d s until localhost:\d+ may be asked again$/);
    assert.deepEqual((await first).at(-1), 'fetch: 200 none 3');
  });
});

describe('connections', () => {
  it('are had by programs that hold some already, however many hold some', { timeout: 60_000 }, async () => {
    await using server = await TestServer.start((request, response) => {
      if (request.url === '/kept') response.writeHead(200).write('some');
      else response.end('fine');
    });
    await using shell = await ShellRig.create({ cores: 1 });
    const keep = `keep ${server.url}/kept`;
    const runs = Array.from({ length: 40 }, () =>
      shell.logOf([keep, keep, keep, `get ${server.url}/`], { fix }),
    );
    for (const log of await Promise.all(runs)) assert.deepEqual(log.at(-1), 'fetch: 200 none 4');
  });

  it('go by way of the proxy that the environment names, and not to those that it excepts', async () => {
    await using made = await ShellRig.create();
    const certificates = await makeCertificates(`${made.rig.folder}/certificates`);
    await using secure = await TestServer.start((_, response) => response.end('secure'), certificates.good);
    await using proxy = await TestServer.start((request, response) => response.end(`for ${request.url}`));
    const tunnels: (string | undefined)[] = [];
    proxy.onConnect((request, socket) => {
      tunnels.push(request.url);
      const far = connect(Number(request.url?.split(':')[1]), 'localhost', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        far.pipe(socket).pipe(far);
      });
      for (const end of [far, socket]) end.on('error', () => undefined);
    });
    const before = { ...process.env };
    Object.assign(process.env, { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, NO_PROXY: proxy.host });
    try {
      await using shell = await ShellRig.create({ certificateAuthorities: [certificates.authorityFile] });
      const log = await shell.logOf(
        ['get http://far.test/x', `get ${secure.url}/`, `get ${proxy.url}/direct`],
        { fix },
      );
      assert.deepEqual(log, [
        `fetch: 200 none ${'for http://far.test/x'.length}`,
        'fetch: 200 none 6',
        `fetch: 200 none ${'for /direct'.length}`,
      ]);
      assert.deepEqual(tunnels, [secure.host]);
    } finally {
      for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    }
  });
});
