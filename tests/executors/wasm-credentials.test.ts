import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import type { Credentials } from '../../src/realizer/index.ts';
import { makeCertificates } from '../support/authority.ts';
import { ShellRig, failureOf } from './support/shell-rig.ts';
import { TestServer } from './support/test-server.ts';

const fix = { kind: 'self' } as const;

function credentials(place: string, parts: Partial<Credentials> = {}): Credentials {
  const secret = { kind: 'text', text: 'secret' } as const;
  return { place, secret, user: undefined, scheme: undefined, allowHttp: false, ...parts };
}

/** The same with another text. */
function named(place: string, text: string): Credentials {
  return credentials(place, { secret: { kind: 'text', text } });
}

function command(script: string): Credentials['secret'] {
  return { kind: 'command', words: ['sh', '-c', script] };
}

const basic = (user: string, password = 'secret'): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** What a server was shown, by path. */
function shownTo(server: TestServer): Record<string, string | undefined> {
  return Object.fromEntries(server.requests.map(({ url = '', headers }) => [url, headers.authorization]));
}

describe('credentials of the configuration', () => {
  it('go to their host, in the way that it wants them, and not to any other', async () => {
    await using own = await TestServer.start((_, response) => response.end());
    await using other = await TestServer.start((_, response) => response.end());
    await using shell = await ShellRig.create({ credentials: [credentials(own.host)] });
    const post = `post ${own.url}/r.git/git-upload-pack application/x-git-upload-pack-request x`;
    await shell.logOf(
      [
        `get ${own.url}/file`,
        `get ${own.url}/r.git/info/refs?service=git-upload-pack`,
        post,
        `get-with ${own.url}/own authorization: mine`,
        `get ${other.url}/file`,
      ],
      { fix },
    );
    assert.deepEqual(shownTo(own), {
      '/file': 'Bearer secret',
      '/r.git/info/refs?service=git-upload-pack': basic('x-access-token'),
      '/r.git/git-upload-pack': basic('x-access-token'),
      '/own': 'mine',
    });
    assert.deepEqual(shownTo(other), { '/file': undefined });
  });

  it('of the longest place that fits are taken, and a place ends where a folder ends', async () => {
    await using server = await TestServer.start((_, response) => response.end());
    await using shell = await ShellRig.create({
      credentials: [
        named(server.host, 'host'),
        named(`${server.url}/group`, 'group'),
        named(`${server.url}/group/deep/`, 'deep'),
      ],
    });
    const paths = ['/x', '/group', '/group/x', '/group/deep/x', '/group-of-others/x', '/group/%2e%2e/x'];
    await shell.logOf(
      paths.map((path) => `get ${server.url}${path}`),
      { fix },
    );
    assert.deepEqual(
      server.requests.map(({ url, headers }) => [url, headers.authorization]),
      [
        ['/x', 'Bearer host'],
        ['/group', 'Bearer group'],
        ['/group/x', 'Bearer group'],
        ['/group/deep/x', 'Bearer deep'],
        ['/group-of-others/x', 'Bearer host'],
        ['/x', 'Bearer host'],
      ],
    );
  });

  it('are sent as they say', async () => {
    await using server = await TestServer.start((_, response) => response.end());
    const schemes = {
      user: { user: 'me' },
      raw: { scheme: 'raw' },
      basic: { scheme: 'basic' },
      both: { user: 'me', scheme: 'bearer' },
    } as const;
    await using shell = await ShellRig.create({
      credentials: Object.entries(schemes).map(([name, parts]) =>
        credentials(`${server.url}/${name}`, parts),
      ),
    });
    await shell.logOf(
      Object.keys(schemes).map((name) => `get ${server.url}/${name}`),
      { fix },
    );
    assert.deepEqual(shownTo(server), {
      '/user': basic('me'),
      '/raw': 'secret',
      '/basic': basic('x-access-token'),
      '/both': 'Bearer secret',
    });
  });

  it('are read from files and programs once, and their ends of line left out', async () => {
    await using server = await TestServer.start((_, response) => response.end());
    await using made = await ShellRig.create();
    const file = `${made.rig.folder}/token`;
    const count = `${made.rig.folder}/count`;
    await writeFile(file, 'from-file\n');
    const words = ['sh', '-c', `echo run >> '${count}'; echo 'héllo'`];
    await using shell = await ShellRig.create({
      credentials: [
        credentials(`${server.url}/file`, { secret: { kind: 'file', file } }),
        credentials(`${server.url}/command`, { user: 'me', secret: { kind: 'command', words } }),
      ],
    });
    const paths = ['/file', '/command', '/command'];
    await shell.logOf(
      paths.map((path) => `get ${server.url}${path}`),
      { fix },
    );
    assert.deepEqual(shownTo(server), { '/file': 'Bearer from-file', '/command': basic('me', 'héllo') });
    assert.equal(await readFile(count, 'utf8'), 'run\n');
  });

  it('that cannot be had end the request with the reason, and without a word of what was printed', async () => {
    await using server = await TestServer.start((_, response) => response.end());
    await using made = await ShellRig.create();
    const empty = `${made.rig.folder}/empty`;
    await writeFile(empty, '\n');
    const cases: readonly (readonly [Credentials['secret'], string])[] = [
      [{ kind: 'file', file: '/nowhere' }, `the file '/nowhere' cannot be read (ENOENT)`],
      [{ kind: 'file', file: empty }, `the file '${empty}' has nothing in it`],
      [{ kind: 'command', words: ['no-such-program'] }, `the program 'no-such-program' is not there`],
      [command('echo hush; exit 3'), `the program 'sh' ended with code 3`],
      [command('echo hush; echo hush'), `what 'sh' prints has more than a line of text in it`],
    ];
    for (const [secret, why] of cases) {
      await using shell = await ShellRig.create({ credentials: [credentials(server.host, { secret })] });
      const { result, log } = await shell.run([`get ${server.url}/`, 'exit 1'], { fix });
      assert.deepEqual(log, ['fetch: error -3']);
      assert.deepEqual(failureOf(result), {
        kind: 'credentials',
        url: `${server.url}/`,
        detail: `the credentials for '${server.host}' cannot be had: ${why}`,
      });
    }
    assert.deepEqual(server.requests, []);
  });

  it('are lost on the way to another server, and stay lost on the way back', async () => {
    await using other = await TestServer.start((request, response) => {
      response.writeHead(302, { location: `${server.url}${request.url}/back` }).end();
    });
    await using server = await TestServer.start((request, response) => {
      const path = request.url ?? '';
      if (path === '/a') response.writeHead(302, { location: '/b' }).end();
      else if (path === '/b') response.writeHead(302, { location: `${other.url}/c` }).end();
      else response.writeHead(401).end();
    });
    await using shell = await ShellRig.create({
      credentials: [server, other].map(({ host }) => credentials(host)),
    });
    const { result } = await shell.run([`get ${server.url}/a`, 'exit 1'], { fix });
    assert.deepEqual(shownTo(server), { '/a': 'Bearer secret', '/b': 'Bearer secret', '/c/back': undefined });
    assert.deepEqual(shownTo(other), { '/c': undefined });
    assert.deepEqual(failureOf(result).server, { host: server.host, credentials: 'withheld-after-redirect' });
  });

  it('go to a mirror only if they are its own', async () => {
    await using mirror = await TestServer.start((_, response) => response.end());
    const mirrors = new Map([
      ['https://origin.test/', `${mirror.url}/origin/`],
      ['https://second.test/', `${mirror.url}/second/`],
    ]);
    await using shell = await ShellRig.create({
      mirrors,
      credentials: [credentials('origin.test'), credentials(`${mirror.url}/second`, { user: 'mirror' })],
    });
    await shell.logOf(['get https://origin.test/x', 'get https://second.test/x'], { fix });
    assert.deepEqual(shownTo(mirror), { '/origin/x': undefined, '/second/x': basic('mirror') });
  });

  it('stay at home where a connection can be read by others', async () => {
    await using server = await TestServer.start((_, response) => response.writeHead(401).end());
    // The name of another machine, as far as its name says, which leads to this one by way of a proxy.
    const environment = { http_proxy: server.url };
    const before = Object.entries(environment).map(([name]) => [name, process.env[name]] as const);
    Object.assign(process.env, environment);
    try {
      await using shell = await ShellRig.create({
        credentials: [credentials('far.test'), credentials('near.test', { allowHttp: true })],
      });
      const { result, log } = await shell.run(['get http://near.test/', 'get http://far.test/', 'exit 1'], {
        fix,
      });
      assert.deepEqual(log, ['fetch: 401 none 0', 'fetch: 401 none 0']);
      assert.deepEqual(shownTo(server), {
        'http://near.test/': 'Bearer secret',
        'http://far.test/': undefined,
      });
      assert.deepEqual(failureOf(result).server, { host: 'far.test', credentials: 'withheld-from-http' });
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  it('go over connections that others cannot read, from the first request on', async () => {
    await using made = await ShellRig.create();
    const certificates = await makeCertificates(`${made.rig.folder}/certificates`);
    await using server = await TestServer.start((_, response) => response.end('fine'), certificates.good);
    await using shell = await ShellRig.create({
      certificateAuthorities: [certificates.authorityFile],
      credentials: [credentials(server.host)],
    });
    assert.deepEqual(await shell.logOf([`get ${server.url}/`], { fix }), ['fetch: 200 none 4']);
    assert.deepEqual(shownTo(server), { '/': 'Bearer secret' });
  });

  it('that are refused are told from none', async () => {
    await using server = await TestServer.start((_, response) => response.writeHead(403).end());
    for (const [held, state] of [
      [[], 'none'],
      [[credentials(server.host)], 'shown'],
    ] as const) {
      await using shell = await ShellRig.create({ credentials: held });
      const { result } = await shell.run([`get ${server.url}/`, 'exit 1'], { fix });
      assert.deepEqual(failureOf(result).server, { host: server.host, credentials: state });
    }
  });

  it('come from a netrc file where there are no others', async () => {
    await using server = await TestServer.start((_, response) => response.end());
    await using made = await ShellRig.create();
    const netrcFile = `${made.rig.folder}/netrc`;
    await writeFile(
      netrcFile,
      '# a comment with machine localhost\nmachine elsewhere.test login a password b\nmacdef init\nmachine localhost login x password y\n\n' +
        'machine localhost\n  login "me too" account z\n  password secret\ndefault login anyone password anything\n',
    );
    await chmod(netrcFile, 0o600);
    await using shell = await ShellRig.create({ netrcFile, credentials: [credentials(`${server.url}/own`)] });
    await shell.logOf([`get ${server.url}/x`, `get ${server.url}/own`], { fix });
    assert.deepEqual(shownTo(server), { '/x': basic('me too'), '/own': 'Bearer secret' });
    await using lacking = await ShellRig.create({ netrcFile: '/nowhere' });
    const { result } = await lacking.run([`get ${server.url}/x`, 'exit 1'], { fix });
    assert.equal(failureOf(result).detail, "the file of logins '/nowhere' cannot be read (ENOENT)");
  });

  it('of a registry of images are shown where it says that tokens are to be had, and nowhere else', async () => {
    await using tokens = await TestServer.start((_, response) => response.end('token'));
    await using registry = await TestServer.start((request, response) => {
      if (request.headers.authorization === 'Bearer token') response.end('manifest');
      else {
        const challenge = `Bearer realm="${tokens.url}/token",service="registry"`;
        response.writeHead(401, { 'www-authenticate': challenge }).end();
      }
    });
    await using shell = await ShellRig.create({ credentials: [credentials(registry.host, { user: 'me' })] });
    const log = await shell.logOf(
      [
        `get ${tokens.url}/token?service=early`,
        `get ${registry.url}/v2/n/manifests/t`,
        `get ${tokens.url}/token?service=registry&scope=repository:n:pull`,
        `get ${tokens.url}/another`,
        `get-with ${registry.url}/v2/n/manifests/t authorization: Bearer token`,
      ],
      { fix },
    );
    assert.deepEqual(log.at(-1), 'fetch: 200 none 8');
    assert.deepEqual(shownTo(tokens), {
      '/token?service=early': undefined,
      '/token?service=registry&scope=repository:n:pull': basic('me'),
      '/another': undefined,
    });
    assert.deepEqual(
      registry.requests.map(({ headers }) => headers.authorization),
      [undefined, 'Bearer token'],
    );
  });

  it('of the place where tokens are to be had go before those of the registry', async () => {
    await using tokens = await TestServer.start((_, response) => response.end('token'));
    await using registry = await TestServer.start((_, response) => {
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${tokens.url}/token"` }).end();
    });
    for (const held of [
      [credentials(tokens.host)],
      [credentials(registry.host, { user: 'r' }), credentials(tokens.host)],
    ]) {
      tokens.requests.length = 0;
      await using shell = await ShellRig.create({ credentials: held });
      await shell.logOf([`get ${registry.url}/v2/n/manifests/t`, `get ${tokens.url}/token`], { fix });
      assert.deepEqual(shownTo(tokens), { '/token': basic('x-access-token') });
    }
  });

  it('are shown to a registry itself where it asks for no token', async () => {
    await using registry = await TestServer.start((request, response) => {
      if (request.headers.authorization === undefined) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="a registry"' }).end('who?');
      } else response.end('manifest');
    });
    await using shell = await ShellRig.create({ credentials: [credentials(registry.host, { user: 'me' })] });
    assert.deepEqual(await shell.logOf([`get ${registry.url}/v2/n/manifests/t`], { fix }), [
      'fetch: 200 none 8',
    ]);
    assert.deepEqual(
      registry.requests.map(({ headers }) => headers.authorization),
      [undefined, basic('me')],
    );
  });
});
