import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import path from 'node:path';
import test from 'node:test';
import { makeArchive, makeCertificates, startGitServer, withCab, type CabRig } from '../support/index.ts';
import { assertDiagnostic, type ExpectedFailure } from './diagnostics.ts';
import { assertStoreIsWhole, isPackRequest } from './scenario.ts';

/** What a user may get wrong, or what may go wrong for him. */
interface Mistake extends ExpectedFailure {
  /** The entry file, or what makes it. */
  readonly text?: string | ((rig: CabRig) => string | Promise<string>);
  readonly prepare?: (rig: CabRig) => Promise<void>;
  readonly args?: readonly string[];
}

const sourceOf = (island: string): string => `{ default = toDerivation ${island} }\n`;

async function makeOrigin(rig: CabRig): Promise<void> {
  const repository = await rig.repository('o/r');
  await repository.write({ 'file.txt': 'hello\n' }).commit();
}

const mistakes: readonly Mistake[] = [
  { title: 'a syntax error', text: '{\n  default = [1, 2,\n  other = 3,\n}\n', code: 'CAB1' },
  { title: 'a name that is not defined', text: '{ default = derivaton { } }\n', code: 'CAB2001' },
  {
    title: 'an unknown attribute',
    text: 'let packages = { greeting = 1, }, in { default = packages.greting }\n',
    code: 'CAB2',
  },
  {
    title: 'an attribute that the entry lacks',
    text: '{ greeting = 1 }\n',
    args: ['.#greting'],
    code: 'CAB',
  },
  {
    title: 'an unknown attribute of a derivation',
    text: '{ default = derivation { name = "x", builder = "/bin/sh", argument = [], } }\n',
    code: 'CAB2',
  },
  { title: 'an infinite recursion', text: 'let a = b, b = a, in { default = a }\n', code: 'CAB2' },
  { title: 'a missing file', text: '{ default = import ./missing.cab }\n', code: 'CAB6101' },
  { title: 'a path that climbs out', text: '{ default = readFile ./../../../outside }\n', code: 'CAB2' },
  { title: 'a value that is not a derivation', text: '{ default = 42 }\n', code: 'CAB6004' },
  { title: 'an error thrown by the expression', text: '{ default = throw "not today" }\n', code: 'CAB2' },
  { title: 'an installable that does not exist', text: '{ }\n', args: ['./nowhere'], code: 'CAB6003' },
  { title: 'an option that does not exist', text: '{ }\n', args: ['--lokced'], exitCode: 2, code: 'CAB6001' },
  {
    title: 'a configuration that cannot be used',
    text: '{ }\n',
    prepare: (rig) => rig.configure('[realiser]\ncores = 1\n'),
    code: 'CAB6002',
  },
  { title: 'a type of island that does not exist', text: sourceOf('<githup:o/r>'), code: 'CAB3001' },
  { title: 'a malformed island', text: sourceOf('<github:o>'), code: 'CAB3002' },
  {
    title: 'an unreachable host',
    text: sourceOf('<git:https://host.invalid/o/r.git>'),
    code: 'CAB3201',
  },
  {
    title: 'a port that nobody listens on',
    text: sourceOf('<http://127.0.0.1:1/x.tar.gz>'),
    code: 'CAB3201',
  },
  {
    title: 'an address that is not there',
    text: (rig) => sourceOf(`<${rig.server.url}/files/missing.tar.gz>`),
    code: 'CAB3203',
  },
  { title: 'a repository that is not there', text: sourceOf('<github:o/missing>'), code: 'CAB3203' },
  { title: 'an unknown ref', prepare: makeOrigin, text: sourceOf('<github:o/r/develop>'), code: 'CAB3204' },
  {
    title: 'a sub-tree that is not there',
    prepare: makeOrigin,
    text: sourceOf('<github:o/r::/docs>'),
    code: 'CAB3207',
  },
  {
    title: 'a pack that is cut short',
    async prepare(rig) {
      await makeOrigin(rig);
      rig.server.fault({ kind: 'cut', afterBytes: 60, match: isPackRequest });
    },
    text: sourceOf('<github:o/r>'),
    code: 'CAB3205',
  },
  {
    title: 'a server that does not answer',
    async prepare(rig) {
      await rig.configure('[network]\ntimeout-seconds = 0.2\n');
      rig.server.fault({ kind: 'hang' });
    },
    text: sourceOf('<github:o/r>'),
    code: 'CAB3201',
  },
  {
    title: 'a forge that limits how often it is asked',
    async prepare(rig) {
      rig.server.fault({ kind: 'status', status: 429, headers: { 'retry-after': '0' } });
    },
    text: sourceOf('<github:o/r>'),
    code: 'CAB3215',
  },
  {
    title: 'a forge that wants to be left alone for an hour',
    async prepare(rig) {
      // The clock of the server counts: the golden file has a number of minutes in it.
      const reset = String(Date.parse('2020-01-01T01:00:00Z') / 1000);
      const date = new Date('2020-01-01T00:10:30Z').toUTCString();
      const headers = { date, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
      rig.server.fault({ kind: 'status', status: 403, headers });
    },
    text: sourceOf('<github:o/r>'),
    code: 'CAB3215',
  },
  {
    title: 'a private repository',
    async prepare(rig) {
      rig.server.fault({ kind: 'status', status: 401 });
    },
    text: sourceOf('<github:o/r>'),
    code: 'CAB3214',
  },
  {
    title: 'credentials that are refused',
    async prepare(rig) {
      await configureCredentials(rig, '{ token-file = "token" }');
      await writeFile(path.join(rig.folder, 'token'), 'secret\n');
      rig.server.fault({ kind: 'status', status: 403 });
    },
    text: sourceOf('<github:o/r>'),
    code: 'CAB3214',
  },
  {
    title: 'a repository that is not there for these credentials',
    async prepare(rig) {
      await configureCredentials(rig, '{ command = ["echo", "secret"] }');
      rig.server.fault({ kind: 'status', status: 404 });
    },
    text: sourceOf('<github:o/r>'),
    code: 'CAB3203',
  },
  {
    title: 'credentials that a redirect leads away from',
    async prepare(rig) {
      const location = rig.server.url.replace('127.0.0.1', 'localhost');
      await rig.configure(`[credentials]\n"${new URL(location).host}" = { command = ["echo", "secret"] }\n`);
      rig.server.fault({ kind: 'redirect', location: `${location}/files/x`, match: isForNumber });
      rig.server.fault({ kind: 'status', status: 401 });
    },
    text: (rig) => sourceOf(`<${rig.server.url}/files/x>`),
    code: 'CAB3214',
  },
  {
    title: 'credentials that cannot be read',
    prepare: (rig) => configureCredentials(rig, '{ user = "me", password-file = "missing" }'),
    text: sourceOf('<github:o/r>'),
    code: 'CAB3216',
  },
  {
    title: 'credentials of a program that fails',
    prepare: (rig) => configureCredentials(rig, '{ command = ["sh", "-c", "echo secret; exit 7"] }'),
    text: sourceOf('<github:o/r>'),
    code: 'CAB3216',
  },
  {
    title: 'credentials without a secret',
    prepare: (rig) => configureCredentials(rig, '{ user = "me" }'),
    text: sourceOf('<github:o/r>'),
    code: 'CAB6002',
  },
  {
    title: 'credentials with a misspelt setting',
    prepare: (rig) => configureCredentials(rig, '{ tokne = "secret" }'),
    text: sourceOf('<github:o/r>'),
    code: 'CAB6002',
  },
  {
    title: 'credentials of a host without quotes',
    prepare: (rig) => rig.configure('[credentials]\ngit.example.org = { token = "secret" }\n'),
    text: sourceOf('<github:o/r>'),
    code: 'CAB6002',
  },
  {
    title: 'credentials of no host',
    prepare: (rig) => rig.configure('[credentials]\n"git.example.org/x" = { token = "secret" }\n'),
    text: sourceOf('<github:o/r>'),
    code: 'CAB6002',
  },
  {
    title: 'a file with another digest than is pinned',
    async prepare(rig) {
      await rig.serveFiles({ 'x.txt': 'changed\n' });
      const sri = `sha256-${'A'.repeat(43)}=`;
      const islands = { [`${rig.server.url}/files/x.txt`]: { sri } };
      await rig.write({ 'cab.lock': JSON.stringify({ version: 1, islands }) });
    },
    text: (rig) => sourceOf(`<${rig.server.url}/files/x.txt>`),
    code: 'CAB3213',
  },
  {
    title: 'a package that its registry does not have',
    prepare: servePackage,
    text: (rig) => npmIsland(rig, 'tol/1.0.0'),
    code: 'CAB3212',
  },
  {
    title: 'a version that its registry does not have',
    prepare: servePackage,
    text: (rig) => npmIsland(rig, 'tool/2.0.0'),
    code: 'CAB3212',
  },
  {
    title: 'a package with another digest than was published',
    prepare: servePackage,
    text: (rig) => npmIsland(rig, 'tool'),
    code: 'CAB3213',
  },
  {
    title: 'an image that is not there for the platform',
    prepare: serveImage,
    text: sourceOf('<oci:registry.test/image/1>'),
    code: 'CAB3212',
  },
  {
    title: 'an image that its registry does not show to everybody',
    async prepare(rig) {
      await serveImage(rig);
      rig.server.fault({ kind: 'status', status: 401 });
    },
    text: sourceOf('<oci:registry.test/image/1>'),
    code: 'CAB3214',
  },
  {
    title: 'a redirect that goes in circles',
    async prepare(rig) {
      rig.server.fault({ kind: 'redirect', location: '/files/x.tar.gz' });
    },
    text: (rig) => sourceOf(`<${rig.server.url}/files/x.tar.gz>`),
    code: 'CAB32',
  },
  {
    title: 'a repository without a commit',
    prepare: async (rig) => void (await rig.repository('o/r')),
    text: sourceOf('<github:o/r>'),
    code: 'CAB3204',
  },
  {
    title: 'an archive with an entry outside of it',
    prepare: (rig) => serveArchive(rig, ['--transform=s,^,../../,']),
    text: (rig) => sourceOf(`<${rig.server.url}/files/x.tar.gz>`),
    code: 'CAB3206',
  },
  {
    title: 'an archive with an absolute entry',
    prepare: (rig) => serveArchive(rig, ['--transform=s,^,/etc/,']),
    text: (rig) => sourceOf(`<${rig.server.url}/files/x.tar.gz>`),
    code: 'CAB3206',
  },
  {
    title: 'an archive that is cut short though its connection is not',
    async prepare(rig) {
      const bytes = await makeArchive({ 'x/file.txt': 'hello\n'.repeat(1000) });
      await rig.serveFiles({ 'x.tar.gz': bytes.subarray(0, bytes.length - 20) });
    },
    text: (rig) => sourceOf(`<${rig.server.url}/files/x.tar.gz>`),
    code: 'CAB3205',
  },
  {
    title: 'a pin that the origin contradicts',
    async prepare(rig) {
      const repository = await rig.repository('o/r');
      await repository.write({ 'file.txt': 'hello\n' }).commit();
      await rig.write({ 'default.cab': sourceOf('<github:o/r>') });
      await rig.succeed('build', '--no-link');
      await repository.write({ 'file.txt': 'rewritten\n' }).rewrite();
      await rig.deleteStore();
    },
    text: sourceOf('<github:o/r>'),
    code: 'CAB3103',
  },
  {
    title: 'a lock file with conflict marks',
    prepare: (rig) => rig.write({ 'cab.lock': '<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n' }),
    text: sourceOf('<github:o/r>'),
    code: 'CAB3101',
  },
  {
    title: 'a lock file of a later version',
    prepare: (rig) => rig.write({ 'cab.lock': '{ "version": 7 }\n' }),
    text: sourceOf('<github:o/r>'),
    code: 'CAB3101',
  },
  {
    title: 'an update with --locked',
    text: '{ }\n',
    args: ['--update', '--locked'],
    exitCode: 2,
    code: 'CAB6001',
  },
  {
    title: 'a result link in the place of a file',
    prepare: (rig) => rig.write({ result: 'precious\n' }),
    text: `{ default = ${textDerivation('content')} }\n`,
    code: 'CAB6005',
  },
  {
    title: 'an output that is not the one it is fixed to',
    text: `{ default = derivation {
  name = "fixed",
  builder = <cab:programs>/text.wasm,
  arguments = ["write", "0"],
  environment = { text = "another" },
  requiredRealizerFeatures = ["wasm"],
  fix = { cab = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
} }
`,
    code: 'CAB4004',
  },
  {
    title: 'features that no realizer offers',
    text: '{ default = derivation { name = "x", builder = "/bin/sh", requiredRealizerFeatures = ["riscv64-plan9"] } }\n',
    code: 'CAB4001',
  },
  {
    title: 'a builder that fails, with the end of its log',
    text: `{ default = derivation {
  name = "failing",
  builder = "/bin/sh",
  arguments = ["-c", "for i in 1 2 3 4 5 6 7 8 9; do echo step $i; done; echo out of luck >&2; exit 7"],
  requiredRealizerFeatures = ["host-tools"],
} }
`,
    code: 'CAB4002',
  },
  {
    title: 'a builder that makes no output',
    text: `{ default = derivation {
  name = "idle",
  builder = "/bin/sh",
  arguments = ["-c", "true"],
  requiredRealizerFeatures = ["host-tools"],
} }
`,
    code: 'CAB4003',
  },
];

/** Credentials for the forge of this machine, which stands in the place of another. */
async function configureCredentials(rig: CabRig, entry: string): Promise<void> {
  await rig.configure(`[credentials]\n"${new URL(rig.server.url).host}" = ${entry}\n`);
}

/** Whether a request names the forge by its number, and not by its name. */
function isForNumber({ headers }: { readonly headers: IncomingHttpHeaders }): boolean {
  return headers.host?.startsWith('127.') === true;
}

const npmIsland = (rig: CabRig, body: string): string =>
  sourceOf(`<npm:${body}?registry=${rig.server.url}/files/npm>`);

/** A registry of one package in one version, whose published digest is not the one of what it has. */
async function servePackage(rig: CabRig): Promise<void> {
  const dist = {
    tarball: `${rig.server.url}/files/tool.tgz`,
    integrity: `sha512-${Buffer.alloc(64, 1).toString('base64')}`,
  };
  const versions = { '1.0.0': { version: '1.0.0', dist } };
  await rig.serveFiles({
    'npm/tool/index.json': JSON.stringify({ 'dist-tags': { latest: '1.0.0' }, versions }),
    'tool.tgz': await makeArchive({ 'package/index.js': 'not what was published\n' }),
  });
}

/** A registry of images, with an image that is there for one platform. */
async function serveImage(rig: CabRig): Promise<void> {
  await rig.configure(`"https://registry.test/" = "${rig.server.url}/files/"\n`);
  const digest = `sha256:${'0'.repeat(64)}`;
  const manifests = [{ digest, platform: { os: 'linux', architecture: 'riscv64' } }];
  await rig.serveFiles({ 'v2/image/manifests/1': JSON.stringify({ schemaVersion: 2, manifests }) });
}

function textDerivation(text: string): string {
  return `derivation {
  name = "text",
  builder = <cab:programs>/text.wasm,
  arguments = ["write", "0"],
  environment = { text = "${text}" },
  requiredRealizerFeatures = ["wasm"],
}`;
}

async function serveArchive(rig: CabRig, options: readonly string[]): Promise<void> {
  await rig.serveFiles({ 'x.tar.gz': await makeArchive({ 'file.txt': 'hello\n' }, options) });
}

for (const mistake of mistakes) {
  test(`${mistake.title} ends in one diagnostic, with nothing half-written`, async (context) => {
    const rig = await withCab(context);
    await mistake.prepare?.(rig);
    const text = typeof mistake.text === 'function' ? await mistake.text(rig) : mistake.text;
    if (text !== undefined) await rig.write({ 'default.cab': text });
    await assertRefused(rig, mistake);
  });
}

for (const kind of ['wrongName', 'expired', 'unknownAuthority'] as const) {
  test(`a certificate that is not accepted (${kind}) ends in one diagnostic`, async (context) => {
    const rig = await withCab(context);
    await makeOrigin(rig);
    const certificates = await makeCertificates(path.join(rig.folder, 'certificates'));
    const server = await startGitServer({
      repositories: path.join(rig.folder, 'forge'),
      tls: certificates[kind],
    });
    context.after(() => server.close());
    await rig.configure(`[network]\ncertificate-authorities = ["${certificates.authorityFile}"]\n`);
    await rig.write({ 'default.cab': sourceOf(`<git:${server.url}/o/r.git>`) });
    await assertRefused(rig, { title: `a certificate: ${kind}`, code: 'CAB3202' });
    assert.deepEqual(server.requests, []);
  });
}

async function assertRefused(rig: CabRig, mistake: Pick<Mistake, 'args'> & ExpectedFailure): Promise<void> {
  const filesBefore = (await readdir(rig.project)).toSorted();
  const lockBefore = await rig.lock().catch(() => undefined);
  const result = await rig.cab('build', ...(mistake.args ?? []));
  assert.deepEqual((await readdir(rig.project)).toSorted(), filesBefore);
  assert.deepEqual(await rig.lock().catch(() => undefined), lockBefore);
  await assertDiagnostic(rig, result, mistake);
  await rig.configure();
  await assertStoreIsWhole(rig);
}
