import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import { makeCertificates } from '../support/authority.ts';
import { ShellRig, failureOf } from './support/shell-rig.ts';
import { TestServer } from './support/test-server.ts';

const fix = { kind: 'self' } as const;

describe('the requests of a WebAssembly program', () => {
  it('bring status, headers and body, written to a file as they come', async () => {
    const body = Buffer.alloc(3_000_000, 'abcdefghij');
    await using server = await TestServer.start((_, response) => {
      response.writeHead(200, { 'content-type': 'text/test' }).end(body);
    });
    await using shell = await ShellRig.create();
    const { result, log } = await shell.run([`get ${server.url}/file $out`], { fix });
    assert.deepEqual(log, [`fetch: 200 text/test ${body.length}`]);
    assert.equal(shell.rig.contents(result)[''], `file:${body.toString()}`);
    const [request] = server.requests;
    assert.equal(request?.headers['user-agent'], 'cab');
    assert.equal(request?.headers['accept-encoding'], undefined);
  });

  it('are not allowed to an ordinary build', async () => {
    await using server = await TestServer.start((_, response) => response.end('x'));
    await using shell = await ShellRig.create();
    const { result, log } = await shell.run([`get ${server.url}/x`, 'exit 3']);
    assert.deepEqual(log, ['fetch: error -3']);
    assert.deepEqual(server.requests, []);
    assert.equal(failureOf(result).kind, 'not-allowed');
  });

  it('are refused where they are malformed', async () => {
    await using shell = await ShellRig.create();
    const heads = [
      'GET',
      'GET nowhere',
      'GET ftp://example.org/',
      'G:T http://example.org/',
      'GET http://a/\nhost: b',
      'GET http://a/\nbad',
    ];
    const log = await shell.logOf(
      heads.map((head) => `request ${head}`),
      { fix },
    );
    assert.deepEqual(
      log,
      [-4, -4, -3, -4, -4, -4].map((number) => `fetch: error ${number}`),
    );
  });

  it('follow redirects, and lose their credentials on the way to another server', async () => {
    await using other = await TestServer.start((_, response) => response.end('there'));
    await using server = await TestServer.start((request, response) => {
      if (request.url === '/a') response.writeHead(302, { location: '/b' }).end();
      else if (request.url === '/b') response.writeHead(307, { location: `${other.url}/c` }).end();
      else response.writeHead(301, { location: request.url ?? '' }).end();
    });
    await using shell = await ShellRig.create();
    const { log, result } = await shell.run(
      [`get-with ${server.url}/a authorization: secret`, `get ${server.url}/endless`, 'exit 1'],
      { fix },
    );
    assert.deepEqual(log, ['fetch: 200 none 5', 'fetch: error -7']);
    assert.deepEqual(
      server.requests.slice(0, 2).map(({ headers }) => headers.authorization),
      ['secret', 'secret'],
    );
    assert.equal(other.requests[0]?.headers.authorization, undefined);
    assert.deepEqual(failureOf(result), {
      kind: 'redirects',
      url: `${server.url}/endless`,
      detail: 'more than 10 redirects',
    });
  });

  it('by POST follow only redirects that keep the method', async () => {
    await using server = await TestServer.start((request, response) => {
      if (request.url === '/found') response.writeHead(302, { location: '/end' }).end();
      else if (request.url === '/kept') response.writeHead(308, { location: '/end' }).end();
      else request.pipe(response);
    });
    await using shell = await ShellRig.create();
    const log = await shell.logOf(
      [`post ${server.url}/found text/plain body`, `post ${server.url}/kept text/plain body`],
      { fix },
    );
    assert.deepEqual(log, ['fetch: 302 none 0', 'fetch: 200 none 4']);
  });

  it('go to a mirror, and messages name what was asked for', async () => {
    await using mirror = await TestServer.start((request, response) => {
      if (request.url === '/special/a/x')
        response.writeHead(302, { location: 'https://origin.test/b' }).end();
      else response.writeHead(request.url === '/plain/b' ? 200 : 404).end();
    });
    const mirrors = new Map([
      ['https://origin.test', `${mirror.url}/plain`],
      ['https://origin.test/a', `${mirror.url}/special/a`],
    ]);
    await using shell = await ShellRig.create({ mirrors });
    const { log, result } = await shell.run(
      [
        'get https://user:password@origin.test/none',
        'get https://origin.test/a/x',
        'get https://origin.test/missing',
        'exit 1',
      ],
      { fix },
    );
    assert.deepEqual(log, ['fetch: 404 none 0', 'fetch: 200 none 0', 'fetch: 404 none 0']);
    assert.deepEqual(failureOf(result), {
      kind: 'status',
      url: 'https://origin.test/missing',
      detail: 'status 404',
      status: 404,
      server: { host: mirror.host, credentials: 'none' },
    });
  });

  it('fail where no one listens', async () => {
    const gone = await TestServer.start((_, response) => response.end());
    await gone[Symbol.asyncDispose]();
    await using shell = await ShellRig.create();
    const { log, result } = await shell.run([`post ${gone.url}/ text/plain x`, 'exit 1'], { fix });
    assert.deepEqual(log, ['fetch: error -1']);
    assert.deepEqual(failureOf(result), {
      kind: 'unreachable',
      url: `${gone.url}/`,
      detail: 'connection refused',
    });
  });

  it('that are cut off are told from those that end', async () => {
    await using server = await TestServer.start((request, response) => {
      response.writeHead(200, request.url === '/length' ? { 'content-length': '100' } : {});
      response.write('some', () => response.socket?.end());
    });
    await using shell = await ShellRig.create();
    const { log, result } = await shell.run(
      [`get ${server.url}/length`, `get ${server.url}/chunked`, 'exit 1'],
      { fix },
    );
    assert.deepEqual(log, ['fetch: 200 none error -6', 'fetch: 200 none error -6']);
    assert.equal(failureOf(result).kind, 'cut');
  });

  it('are given up where the server is silent, before the header and within the body', async () => {
    await using server = await TestServer.start((request, response) => {
      if (request.url === '/body') response.writeHead(200, { 'content-length': '100' }).write('some');
    });
    await using shell = await ShellRig.create({ requestTimeoutMs: 100 });
    const { log, result } = await shell.run(
      [`get ${server.url}/header`, `get ${server.url}/body`, 'exit 1'],
      { fix },
    );
    assert.deepEqual(log, ['fetch: error -5', 'fetch: 200 none error -5']);
    assert.equal(failureOf(result).detail, 'nothing came for 100 ms');
  });

  it('are sent again where that is safe and may help', async () => {
    const counts = new Map<string, number>();
    await using server = await TestServer.start((request, response) => {
      const path = request.url ?? '';
      const count = (counts.get(path) ?? 0) + 1;
      counts.set(path, count);
      if (path === '/reset' && count < 3) request.socket.destroy();
      else if (path === '/asked' && count < 2) response.writeHead(503, { 'retry-after': '0' }).end();
      else if (path === '/long') response.writeHead(429, { 'retry-after': '3600' }).end();
      else if (path === '/git' && count < 2) response.writeHead(502).end('x'.repeat(100));
      else if (path === '/post') request.socket.destroy();
      else response.end('fine');
    });
    await using shell = await ShellRig.create();
    const log = await shell.logOf(
      [
        `get ${server.url}/reset`,
        `head ${server.url}/asked`,
        `get ${server.url}/long`,
        `post ${server.url}/git application/x-git-upload-pack-request want`,
        `post ${server.url}/post text/plain x`,
      ],
      { fix },
    );
    assert.deepEqual(log, [
      'fetch: 200 none 4',
      'fetch: 200 none 0',
      'fetch: 429 none 0',
      'fetch: 200 none 4',
      'fetch: error -6',
    ]);
    assert.deepEqual(Object.fromEntries(counts), {
      '/reset': 3,
      '/asked': 2,
      '/long': 1,
      '/git': 2,
      '/post': 1,
    });
  });

  it('check the server by the usual authorities and those that are configured', async () => {
    await using shell = await ShellRig.create();
    const made = await makeCertificates(`${shell.rig.folder}/certificates`);
    await using trusting = await ShellRig.create({ certificateAuthorities: [made.authorityFile] });
    const untrusted = 'certificate comes from an authority that is not trusted';
    const cases = [
      { rig: trusting, shown: made.wrongName, detail: 'certificate is for another name' },
      { rig: trusting, shown: made.expired, detail: 'certificate has expired' },
      { rig: trusting, shown: made.unknownAuthority, detail: untrusted },
      { rig: shell, shown: made.good, detail: untrusted },
    ];
    for (const { rig, shown, detail } of cases) {
      await using server = await TestServer.start(answerSecure, shown);
      const { result, log } = await rig.run([`get ${server.url}/`, 'exit 1'], { fix });
      assert.deepEqual(log, ['fetch: error -2']);
      assert.deepEqual(failureOf(result), { kind: 'certificate', url: `${server.url}/`, detail });
      assert.deepEqual(server.requests, []);
    }
    await using server = await TestServer.start(answerSecure, made.good);
    assert.deepEqual(await trusting.logOf([`get ${server.url}/`], { fix }), ['fetch: 200 none 6']);
  });

  it('say which file of certificate authorities cannot be used', async () => {
    await using shell = await ShellRig.create({ certificateAuthorities: ['/missing.pem'] });
    const { result } = await shell.run(['get https://localhost/', 'exit 1'], { fix });
    assert.match(
      failureOf(result).detail,
      /^the certificate authorities in '\/missing.pem' cannot be used: ENOENT/,
    );
  });

  it('wait for the answers to the claims made before them', async () => {
    await using server = await TestServer.start((_, response) => response.end('x'));
    await using shell = await ShellRig.create();
    const { result } = await shell.run(['claim git:abc', `get ${server.url}/`], {
      fix,
      onClaim: () => new Promise((resolve) => setImmediate(() => setImmediate(() => resolve('stop')))),
    });
    assert.deepEqual(result, { outcome: 'stopped' });
    assert.deepEqual(server.requests, []);
  });

  it('are cut when the program is ended', async () => {
    const closed = Promise.withResolvers<void>();
    await using server = await TestServer.start((_, response) => {
      response.writeHead(200).write('some');
      response.once('close', () => closed.resolve());
    });
    await using shell = await ShellRig.create();
    const abort = new AbortController();
    const run = shell.run([`get ${server.url}/`], { fix, signal: abort.signal });
    await server.firstRequest;
    abort.abort(new Error('cancelled'));
    await assert.rejects(run, /cancelled/);
    await closed.promise;
  });

  it('of two hundred programs at once run beside one another', { timeout: 120_000 }, async (t) => {
    const body = Buffer.alloc(500_000, 'x');
    await using server = await TestServer.start((_, response) => response.end(body));
    await using shell = await ShellRig.create();
    await shell.run([`get ${server.url}/warm $out`], { fix });
    let worst = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      worst = Math.max(worst, now - last - 5);
      last = now;
    }, 5);
    const start = performance.now();
    const runs = await Promise.all(
      Array.from({ length: 200 }, (_, index) => shell.run([`get ${server.url}/${index} $out`], { fix })),
    );
    clearInterval(timer);
    for (const { result } of runs) assert.equal(result.outcome, 'finished');
    t.diagnostic(
      `200 programs: ${Math.round(performance.now() - start)} ms, this thread held for at most ${Math.round(worst)} ms`,
    );
  });
});

function answerSecure(_request: IncomingMessage, response: ServerResponse): void {
  response.end('secure');
}
