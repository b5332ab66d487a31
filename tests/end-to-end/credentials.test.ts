import assert from 'node:assert/strict';
import { chmod, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { withCab, type CabRig } from '../support/index.ts';

const secret = 'a-secret-that-nobody-else-sees';

/** A forge that lets in only who shows the secret, as a password. */
async function makePrivateForge(rig: CabRig): Promise<void> {
  const repository = await rig.repository('o/r');
  await repository.write({ 'file.txt': 'hello\n', 'sub/x.txt': 'x\n' }).commit();
  await rig.write({ 'default.cab': '{ default = toDerivation <github:o/r> }\n' });
  const proof = `Basic ${Buffer.from(`x-access-token:${secret}`).toString('base64')}`;
  rig.server.fault({
    kind: 'status',
    status: 401,
    match: ({ headers }) => headers.authorization !== proof,
  });
}

async function configure(rig: CabRig, entry: string): Promise<void> {
  await rig.configure(`[credentials]\n"${new URL(rig.server.url).host}" = ${entry}\n`);
}

/** The files below a folder in which a text is, in any of its forms. */
async function filesWith(folder: string, text: string): Promise<readonly string[]> {
  const forms = [text, Buffer.from(`x-access-token:${text}`).toString('base64')].map((form) =>
    Buffer.from(form),
  );
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.filter((one) => one.isFile())) {
    const content = await readFile(path.join(entry.parentPath, entry.name));
    if (forms.some((form) => content.includes(form))) found.push(entry.name);
  }
  return found;
}

test('a private source is fetched with credentials of the configuration, which come to lie nowhere else', async (context) => {
  const rig = await withCab(context);
  await makePrivateForge(rig);
  await configure(rig, `{ token = "${secret}" }`);
  await chmod(rig.configurationFile, 0o600);
  const words = [
    await rig.succeed('build', '--log-format', 'json'),
    await rig.succeed('update'),
    await rig.succeed('show-derivation'),
    await rig.succeed('log'),
    await rig.succeed('eval', '--expression', 'readFile <github:o/r>/sub/x.txt'),
  ].map(({ stdout, stderr }) => stdout + stderr);
  assert.ok(!words.join('').includes(secret));
  assert.doesNotMatch(words.join(''), /warning/);
  assert.deepEqual(Object.keys((await rig.lock())?.islands ?? {}), ['github:o/r']);
  assert.deepEqual(await filesWith(rig.folder, secret), ['cab.toml']);
});

test('a configuration with secrets that others may read is complained of, and one that names files is not', async (context) => {
  const rig = await withCab(context);
  await makePrivateForge(rig);
  await configure(rig, `{ token = "${secret}" }`);
  await chmod(rig.configurationFile, 0o640);
  const { stderr } = await rig.succeed('build', '--no-link');
  assert.match(stderr, /^warning\[CAB6009\]: the configuration file '.*cab.toml' holds secrets, and others/m);
  assert.match(stderr, /hint: chmod 600 '.*cab.toml', or name files or commands/);
  assert.equal(stderr.split('CAB6009').length, 2);
  await configure(rig, `{ command = ["echo", "${secret}"] }`);
  await chmod(rig.configurationFile, 0o644);
  assert.doesNotMatch((await rig.succeed('update')).stderr, /warning/);
});
