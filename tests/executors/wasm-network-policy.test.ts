import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { networkInterfaces } from 'node:os';
import { describe, it } from 'node:test';
import { explainRequest } from '../../src/islands/request-failure.ts';
import { createLinuxSandboxExecutor } from '../../src/realizer/executors/index.ts';
import { createAgents } from '../../src/realizer/executors/wasm/network/agents.ts';
import { exchange } from '../../src/realizer/executors/wasm/network/exchange.ts';
import { Gate } from '../../src/realizer/executors/wasm/network/gate.ts';
import {
  type AllowedPlace,
  type NetworkPolicy,
  parseAllowedPlace,
} from '../../src/realizer/network-policy.ts';
import { Rig } from './support/rig.ts';
import { ShellRig, failureOf } from './support/shell-rig.ts';
import { TestServer } from './support/test-server.ts';

const fix = { kind: 'self' } as const;
const words = 'this realizer lets programs reach public addresses only';

function publicOnly(...places: readonly string[]): Extract<NetworkPolicy, { kind: 'public-only' }> {
  const allow = places.map((place) => parseAllowedPlace(place) as AllowedPlace);
  return { kind: 'public-only', allow, forNative: false };
}

function portOf(server: TestServer): string {
  return new URL(server.url).port;
}

function addressOf(text: string): LookupAddress {
  return { address: text, family: text.includes(':') ? 6 : 4 };
}

async function ask(gate: Gate, url: URL) {
  const agents = createAgents([]);
  assert.ok(!('detail' in agents));
  const request = { method: 'GET', url, headers: new Map(), body: new Uint8Array(0), timeoutMs: 2000 };
  return await exchange({ ...request, lookup: gate.lookupFor(url) }, agents.programs.shared, () => undefined);
}

describe('a program that may reach the public network only', () => {
  it('is refused this machine, however that is spelt, and nothing is connected to', async () => {
    await using server = await TestServer.start((_, response) => response.end('secret'));
    await using shell = await ShellRig.create({ network: publicOnly() });
    const hosts = [
      'localhost',
      'LOCALHOST',
      '127.0.0.1',
      '127.0.0.1.',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0x7f.0.0.1',
      '017700000001',
      '0177.0.0.1',
      '0',
      '①②⑦.0.0.1',
      '127。0。0。1',
      '[::1]',
      '[::]',
      '[0:0:0:0:0:0:0:1]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[64:ff9b::7f00:1]',
      '[::127.0.0.1]',
      '[2002:7f00:1::]',
      'user:password@127.0.0.1',
    ];
    const log = await shell.logOf(
      hosts.map((host) => `get http://${host}:${portOf(server)}/`),
      { fix },
    );
    assert.deepEqual(
      log,
      hosts.map(() => 'fetch: error -3'),
    );
    // Not every system resolves it.
    assert.match(
      (await shell.logOf([`get http://localhost.:${portOf(server)}/`], { fix }))[0] ?? '',
      /^fetch: error -[13]$/,
    );
    assert.deepEqual(server.requests, []);
  });

  it('is refused private networks, and where clouds tell secrets', async () => {
    await using shell = await ShellRig.create({ network: publicOnly() });
    const hosts = [
      '10.0.0.1',
      '172.16.0.1',
      '192.168.1.1',
      '100.64.0.1',
      '169.254.169.254',
      '100.100.100.200',
      '192.0.0.192',
      '168.63.129.16',
      '224.0.0.1',
      '255.255.255.255',
      '198.18.0.1',
      '[fe80::1]',
      '[fd00:ec2::254]',
      '[ff02::1]',
      '[::ffff:a9fe:a9fe]',
    ];
    const log = await shell.logOf(
      hosts.flatMap((host) => [`get http://${host}/`, `get https://${host}/`]),
      { fix },
    );
    assert.deepEqual(
      log,
      hosts.flatMap(() => ['fetch: error -3', 'fetch: error -3']),
    );
    // A zone is in no URL.
    assert.deepEqual(await shell.logOf(['get http://[fe80::1%25eth0]/'], { fix }), ['fetch: error -4']);
  });

  it('learns why, and so does whoever asked for it', async () => {
    await using shell = await ShellRig.create({ network: publicOnly() });
    const { result } = await shell.run(['get http://localhost:8080/', 'exit 1'], { fix });
    const failure = failureOf(result);
    assert.match(
      failure.detail,
      new RegExp(`^'localhost' lies at (127.0.0.1|::1), an address of this machine: ${words}$`),
    );
    assert.equal(failure.place, 'localhost:8080');
    const { code, hint } = explainRequest('http://localhost:8080/x.tar.gz', failure);
    assert.equal(code, 'CAB4060');
    assert.match(hint ?? '', /\[network\] allow = \["localhost:8080"\]/);
  });

  it('reaches what the operator names: that port, and no other', async () => {
    await using named = await TestServer.start((_, response) => response.end('named'));
    await using other = await TestServer.start((_, response) => response.end('other'));
    await using shell = await ShellRig.create({ network: publicOnly(named.host) });
    const log = await shell.logOf([`get ${named.url}/`, `get ${other.url}/`, `get ${named.url}/again`], {
      fix,
    });
    assert.deepEqual(log, ['fetch: 200 none 5', 'fetch: error -3', 'fetch: 200 none 5']);
    assert.deepEqual(other.requests, []);
  });

  it('is not led elsewhere by a redirect', async () => {
    await using secret = await TestServer.start((_, response) => response.end('secret'));
    const places = [
      `${secret.url}/`,
      'http://169.254.169.254/latest/meta-data/',
      'http://[::1]/',
      '//127.0.0.1:1/',
    ];
    await using server = await TestServer.start((request, response) => {
      response.writeHead(302, { location: places[Number(request.url?.slice(1))] }).end();
    });
    await using shell = await ShellRig.create({ network: publicOnly(server.host) });
    const log = await shell.logOf(
      places.map((_, index) => `get ${server.url}/${index}`),
      { fix },
    );
    assert.deepEqual(
      log,
      places.map(() => 'fetch: error -3'),
    );
    assert.equal(server.requests.length, places.length);
    assert.deepEqual(secret.requests, []);
  });

  it('reaches a mirror that the operator has set up, by way of what it stands for and no other way', async () => {
    await using mirror = await TestServer.start((request, response) => {
      const { url, headers } = request;
      if (url === '/moved') response.writeHead(302, { location: `http://${headers.host}/there` }).end();
      else if (url === '/away') response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
      else response.end('mirrored');
    });
    await using secret = await TestServer.start((_, response) => response.end('secret'));
    const mirrors = new Map([
      ['http://origin.test', mirror.url],
      ['http://other.test/files', mirror.url],
    ]);
    await using shell = await ShellRig.create({ mirrors, network: publicOnly() });
    const log = await shell.logOf(
      [
        'get http://origin.test/x',
        // The connection of the request before is idle by now, and open.
        `get ${mirror.url}/direct`,
        'get http://origin.test/moved',
        'get http://origin.test/away',
        // Behind the prefix comes what would be another host.
        `get http://other.test/files@${secret.host}/direct`,
      ],
      { fix },
    );
    assert.deepEqual(log.slice(0, 4), [
      'fetch: 200 none 8',
      'fetch: error -3',
      'fetch: 200 none 8',
      'fetch: error -3',
    ]);
    assert.match(log[4] ?? '', /^fetch: error /);
    assert.deepEqual(
      mirror.requests.map(({ url }) => url),
      ['/x', '/moved', '/there', '/away'],
    );
    assert.deepEqual(secret.requests, []);
  });

  it('has names resolved by a proxy where one stands between, and addresses judged before', async () => {
    await using proxy = await TestServer.start((request, response) => response.end(`for ${request.url}`));
    const before = { ...process.env };
    Object.assign(process.env, { HTTP_PROXY: proxy.url, NO_PROXY: 'localhost' });
    try {
      await using shell = await ShellRig.create({ network: publicOnly() });
      const log = await shell.logOf(
        [
          'get http://far.test/x',
          'get http://10.0.0.1/',
          'get http://[::1]/',
          `get http://localhost:${portOf(proxy)}/`,
        ],
        { fix },
      );
      assert.deepEqual(log, ['fetch: 200 none 21', 'fetch: error -3', 'fetch: error -3', 'fetch: error -3']);
      assert.deepEqual(
        proxy.requests.map(({ url }) => url),
        ['http://far.test/x'],
      );
    } finally {
      for (const name of ['HTTP_PROXY', 'NO_PROXY']) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    }
  });
});

describe('a name', () => {
  it('is resolved once for a connection, which goes to the very address that was judged', async () => {
    await using server = await TestServer.start((_, response) =>
      response.setHeader('connection', 'close').end(),
    );
    const [served] = await import('node:dns/promises').then((dns) => dns.lookup('localhost', { all: true }));
    const address = served?.address ?? '';
    const place = address.includes(':') ? `[${address}]:${portOf(server)}` : `${address}:${portOf(server)}`;
    let asked = 0;
    // It says what may be reached once, and something else from then on.
    const gate = new Gate(publicOnly(place), (_name, _options, callback) =>
      callback(null, [addressOf(asked++ === 0 ? address : '127.0.0.2')]),
    );
    const url = new URL(`http://rebinding.test:${portOf(server)}/`);
    const first = await ask(gate, url);
    assert.equal(first.kind, 'response');
    assert.equal(asked, 1);
    const second = await ask(gate, url);
    assert.ok(second.kind === 'failure');
    assert.equal(
      second.failure.detail,
      `'rebinding.test' lies at 127.0.0.2, an address of this machine: ${words}`,
    );
    assert.equal(server.requests.length, 1);
  });

  it('is refused where any of its addresses is, in whatever place', async () => {
    for (const answers of [
      ['8.8.8.8', '10.0.0.1'],
      ['2600::1', '::ffff:10.0.0.1', '8.8.8.8'],
      ['fe80::1%lo'],
      ['nonsense'],
    ]) {
      const gate = new Gate(publicOnly(), (_name, _options, callback) =>
        callback(null, answers.map(addressOf)),
      );
      const result = await ask(gate, new URL('https://mixed.test/'));
      assert.ok(result.kind === 'failure' && result.failure.kind === 'not-allowed', JSON.stringify(result));
    }
  });

  it("is refused where it is this machine's own, be that of the public network", () => {
    const gate = new Gate(publicOnly());
    const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    assert.ok(own.length > 0);
    for (const { address } of own) {
      const host = address.includes(':') ? `[${address}]` : address;
      assert.equal(gate.refusalOf(new URL(`https://${host}/`))?.kind, 'not-allowed', address);
    }
  });
});

describe('a program of the machine that would need the network', () => {
  it('is refused where programs are kept to the public network', async () => {
    await using rig = await Rig.create();
    const executor = rig.open(createLinuxSandboxExecutor, { network: publicOnly() });
    const { result } = await rig.run(executor, rig.derivation({ builder: '/bin/sh', fix }));
    assert.ok(result.outcome === 'failed');
    assert.equal(result.diagnostic?.code, 'CAB4061');
  });
});
