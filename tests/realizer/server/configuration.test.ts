import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Diagnostic, DiagnosticError } from '../../../src/diagnostics/index.ts';
import {
  type ServerConfiguration,
  formatListenAddress,
  parseListenAddressIn,
  readServerConfiguration,
} from '../../../src/realizer/server/index.ts';
import { serverLimits } from '../../../src/realizer/index.ts';
import { makeTemporaryFolder, removeFolder } from '../../support/index.ts';

interface Written {
  readonly folder: string;
  readonly warnings: Diagnostic[];
  readonly read: () => ServerConfiguration;
}

async function write(context: TestContext, toml: string): Promise<Written> {
  const folder = await makeTemporaryFolder();
  context.after(() => removeFolder(folder));
  const file = path.join(folder, 'realizer.toml');
  await writeFile(file, toml);
  await chmod(file, 0o644);
  const warnings: Diagnostic[] = [];
  const warn = (diagnostic: Diagnostic): unknown => warnings.push(diagnostic);
  const read = (): ServerConfiguration =>
    readServerConfiguration({ file, extraAuthorities: undefined, warn });
  return { folder, warnings, read };
}

const hash = 'ab'.repeat(32);

test('a configuration with everything in it is read, and relative paths begin at the file', async (context) => {
  const { folder, read } = await write(
    context,
    `
listen = ["tcp:0.0.0.0:8980", "tcp:[::1]:0", "unix:realizer.sock"]
public-address = "https://build.example.org:8980"
socket-mode = "660"
[tls]
certificate = "server.pem"
key = "/etc/cab/server.key"
client-authorities = ["clients.pem"]
[clients.ci]
token-sha256 = "${hash}"
may = ["read", "execute", "push-assets"]
actions = 8
bytes-in-flight = "64 MB"
store-bytes = "200 GB"
calls-per-second = 50
[clients."build.example.org"]
certificate-name = "build.example.org"
[anonymous]
may = ["read"]
[store]
folder = "store"
size = "1.5 TiB"
durable = true
[realizer]
cores = 4
features = ["big-memory"]
host-tools = false
program-seconds = 60
[limits]
drain-seconds = 0.5
queue = 7
[programs]
memory = "256 MB"
written = "1 GB"
entries = 1000
seconds = 600
native-memory = "8 GB"
native-processes = 500
native-temporary = "1 GB"
[network]
allow = ["10.0.0.0/8", "git.internal:3000"]
native-allow = true
certificate-authorities = ["authority.pem"]
timeout-seconds = 5
[mirrors]
"https://github.com/" = "http://mirror.internal/"
[credentials]
"git.internal" = { token-file = "token" }
[metrics]
listen = "tcp:127.0.0.1:9100"
[peers]
allow = ["https://other.example.org"]
[platform]
OSFamily = ["linux"]
`,
  );
  const configuration = read();
  assert.deepEqual(configuration.listen.map(formatListenAddress), [
    'tcp:0.0.0.0:8980',
    'tcp:[::1]:0',
    `unix:${folder}/realizer.sock`,
  ]);
  assert.equal(configuration.publicAddress, 'https://build.example.org:8980');
  assert.equal(configuration.socketMode, 0o660);
  assert.deepEqual(configuration.tls, {
    certificate: `${folder}/server.pem`,
    key: '/etc/cab/server.key',
    clientAuthorities: [`${folder}/clients.pem`],
  });
  assert.deepEqual(configuration.clients, [
    {
      name: 'ci',
      tokenSha256: hash,
      certificateName: undefined,
      may: ['read', 'execute', 'push-assets'],
      actions: 8,
      bytesInFlight: 64 * 1024 ** 2,
      storeBytes: 200 * 1024 ** 3,
      callsPerSecond: 50,
    },
    {
      name: 'build.example.org',
      tokenSha256: undefined,
      certificateName: 'build.example.org',
      may: ['read', 'write', 'execute'],
      actions: undefined,
      bytesInFlight: undefined,
      storeBytes: undefined,
      callsPerSecond: undefined,
    },
  ]);
  assert.deepEqual(configuration.anonymous?.may, ['read']);
  assert.deepEqual(configuration.store, {
    folder: `${folder}/store`,
    limitBytes: 1.5 * 1024 ** 4,
    durable: true,
  });
  const { realizer, limits } = configuration;
  assert.deepEqual(
    [realizer.cores, realizer.features, realizer.hostTools, realizer.programLimitMs],
    [4, ['big-memory'], false, 60_000],
  );
  const { memory, written, nodes, durationMs, files } = realizer.limits;
  assert.deepEqual([memory, written, nodes, durationMs], [256 * 1024 ** 2, 1024 ** 3, 1000, 600_000]);
  assert.equal(files, serverLimits.files);
  assert.deepEqual(realizer.limits.native, {
    memory: 8 * 1024 ** 3,
    processes: 500,
    disk: serverLimits.native.disk,
    temporary: 1024 ** 3,
  });
  assert.deepEqual(realizer.certificateAuthorities, [`${folder}/authority.pem`]);
  assert.deepEqual(
    realizer.credentials.map(({ place, secret }) => [place, secret]),
    [['git.internal', { kind: 'file', file: `${folder}/token` }]],
  );
  assert.deepEqual([limits.drainMs, limits.queue], [500, 7]);
  assert.deepEqual(configuration.metricsListen, { kind: 'tcp', host: '127.0.0.1', port: 9100 });
  assert.deepEqual([...configuration.platform], [['OSFamily', ['linux']]]);
  const { network } = realizer;
  assert.ok(network.kind === 'public-only');
  assert.deepEqual(
    network.allow.map(({ kind, port }) => [kind, port]),
    [
      ['range', undefined],
      ['name', 3000],
    ],
  );
  assert.deepEqual(configuration.peers, ['https://other.example.org']);
});

test('programs of a server reach the public network only, unless more is allowed', async (context) => {
  const { read } = await write(context, '');
  assert.deepEqual(read().realizer.network, { kind: 'public-only', allow: [], forNative: false });
});

test('nobody without a name is let in unless it is said', async (context) => {
  const { read } = await write(context, 'listen = ["tcp:127.0.0.1:0"]\n');
  assert.equal(read().anonymous, undefined);
});

test('what is misspelt or of the wrong kind is told with what to write', async (context) => {
  const cases: readonly (readonly [string, RegExp, RegExp?])[] = [
    ['lisen = []', /there is no setting 'lisen' outside of tables/, /did you mean 'listen'/],
    ['[client.ci]\n', /there is no table 'client'/, /did you mean 'clients'/],
    [
      `[clients.ci]\ntoken = "x"`,
      /there is no setting 'token' of the client 'ci'/,
      /did you mean 'token-sha256'|there is token-sha256/,
    ],
    [`[clients]\nci = "x"`, /the client 'ci' has to be a table, as in \[clients\.ci\]/],
    [`[clients.ci]\n`, /'token-sha256' of the client 'ci' is missing/, /cab realizer token/],
    [
      `[clients.ci]\ntoken-sha256 = "secret"`,
      /'token-sha256' of the client 'ci' has to be 64 lower-case hexadecimal digits/,
      /and not the token itself/,
    ],
    [
      `[clients.ci]\ntoken-sha256 = "${hash}"\nmay = ["reed"]`,
      /'may' of the client 'ci' has to be a list of some of "read", "write", "execute", "push-assets"/,
    ],
    [
      `[clients.ci]\ntoken-sha256 = "${hash}"\nstore-bytes = "many"`,
      /'store-bytes' of the client 'ci' has to be a size, such as "500 MB"/,
    ],
    [
      'listen = ["0.0.0.0:8980"]',
      /'listen' names '0.0.0.0:8980', which is no address/,
      /tcp:127\.0\.0\.1:8980/,
    ],
    ['listen = ["tcp:host:99999"]', /'listen' names 'tcp:host:99999'/],
    ['listen = "tcp:host:1"', /'listen' has to be a list of strings/],
    ['socket-mode = 660', /'socket-mode' has to be a string/],
    ['socket-mode = "rw"', /'socket-mode' has to be a mode in octal digits/],
    ['public-address = "build:8980"', /'public-address' is 'build:8980', which is no address of a realizer/],
    ['[tls]\ncertificate = "a"', /'key' is missing in \[tls\]/],
    ['[store]\nsize = -1', /'size' has to be a size/],
    ['[limits]\ndrain-seconds = "1m"', /'drain-seconds' has to be a number above 0/],
    ['[platform]\nOSFamily = "linux"', /'OSFamily' has to be a list of strings/],
    ['[metrics]\nlisten = "here"', /'listen' names 'here'/],
    [
      '[peers]\nallow = ["other"]',
      /'allow' of \[peers\] names 'other'/,
      /https:\/\/build\.example\.org:8980/,
    ],
    ['[[clients]]\n', /'clients' has to be a table/],
    ['[network]\nallow = ["git internal"]', /'allow' of \[network\] names 'git internal'/, /10\.0\.0\.0\/8/],
    [
      '[limits]\nqueue = 3\nconnections = ten',
      /it is not TOML: .+, in line 3, column \d+$/,
      /texts have quotes/,
    ],
  ];
  for (const [toml, message, hint] of cases) {
    const { read } = await write(context, toml);
    assert.throws(read, (error) => {
      assert.ok(error instanceof DiagnosticError, String(error));
      const [diagnostic] = error.diagnostics;
      assert.equal(diagnostic?.code, 'CAB6002');
      assert.match(diagnostic.message, message);
      if (hint !== undefined) assert.match(diagnostic.hint ?? '', hint);
      assert.doesNotMatch(JSON.stringify(diagnostic), /secret/, 'what may be a secret is not repeated');
      return true;
    });
  }
});

test('a file that is not there is told, and one with secrets that others may read', async (context) => {
  const { folder, read, warnings } = await write(context, '[credentials]\n"h.example" = { token = "abc" }\n');
  read();
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['CAB6009'],
  );
  const file = path.join(folder, 'other.toml');
  assert.throws(
    () => readServerConfiguration({ file, extraAuthorities: undefined, warn: () => {} }),
    /cannot be used: it is not there/,
  );
  assert.throws(
    () => readServerConfiguration({ file: folder, extraAuthorities: undefined, warn: () => {} }),
    /cannot be used: it is a folder/,
  );
});

test('an address to listen at is the same after it was printed', () => {
  for (const text of ['tcp:127.0.0.1:8980', 'tcp:[::]:0', 'tcp:localhost:65535', 'unix:/run/cab.sock']) {
    const address = parseListenAddressIn('/', text);
    assert.ok(address.ok, text);
    assert.equal(formatListenAddress(address.value), text);
  }
  for (const text of ['tcp:', 'tcp:host', 'tcp:::1:80', 'unix:', 'http://host:1', 'tcp:host:65536', ''])
    assert.equal(parseListenAddressIn('/', text).ok, false, text);
});
