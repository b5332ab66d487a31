/** The clients of buildbox 1.4.16 in Debian forky: `npm run test:interoperability`. */
import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { reasonToSkip } from '../end-to-end/native-builds.ts';
import { chooseSeed, makeCertificates, randomFrom, readTree } from '../support/index.ts';
import { makeBuildbox } from './support/buildbox.ts';
import { findForky, installForky } from './support/installations.ts';
import { clientWithToken, otherServerReason, serve } from './support/server.ts';
import { runCommands } from './support/trexe.ts';

const forky = findForky('trexe');
const skip = forky === undefined ? `no buildbox: ${installForky} gets it` : reasonToSkip();

describe('buildbox', { skip }, () => {
  if (forky === undefined) return;

  test('trexe runs commands, and learns how they end', async (context) => {
    await runCommands(await makeBuildbox(context, forky), await serve(context));
  });

  test('recc compiles a file, and has it from the cache after', async (context) => {
    const buildbox = await makeBuildbox(context, forky);
    const { address } = await serve(context);
    await writeFile(path.join(buildbox.folder, 'twice.h'), 'int twice(int number);\n');
    const source = '#include "twice.h"\nint twice(int number) { return 2 * number; }\n';
    await writeFile(path.join(buildbox.folder, 'twice.c'), source);
    const environment = {
      RECC_SERVER: `http://${address}`,
      RECC_PROJECT_ROOT: buildbox.folder,
      RECC_LOG_LEVEL: 'info',
    };
    const compile = ['recc', '/usr/bin/gcc', '-c', 'twice.c', '-o', 'twice.o'];
    const first = await buildbox.succeed(compile, environment);
    assert.match(first.stderr, /Executing action remotely/);
    const object = await readFile(path.join(buildbox.folder, 'twice.o'));
    assert.equal(object.toString('latin1', 1, 4), 'ELF');
    await writeFile(path.join(buildbox.folder, 'twice.o'), '');
    const second = await buildbox.succeed(compile, environment);
    assert.match(second.stderr, /Action Cache hit/);
    assert.deepEqual(await readFile(path.join(buildbox.folder, 'twice.o')), object);
  });

  test('casupload and casdownload move a tree there and back', async (context) => {
    const buildbox = await makeBuildbox(context, forky);
    const { address } = await serve(context);
    const seed = chooseSeed();
    context.diagnostic(`seed ${seed}`);
    await makeTree(path.join(buildbox.folder, 'there'), randomFrom(seed));
    const remote = `--remote=http://${address}`;
    await buildbox.succeed(['casupload', remote, `--output-digest-file=${buildbox.folder}/digest`, 'there']);
    const digest = await readFile(path.join(buildbox.folder, 'digest'), 'utf8');
    await buildbox.succeed(['casdownload', remote, '--destination-dir=back', `--root-digest=${digest}`]);
    const [there, back] = ['there', 'back'].map((name) => readTree(path.join(buildbox.folder, name)));
    assert.deepEqual(await back, await there);
  });

  test('a token is wanted, and told over TLS', { skip: otherServerReason }, async (context) => {
    const buildbox = await makeBuildbox(context, forky);
    const certificates = await makeCertificates(buildbox.folder);
    const [certificate, key] = ['server.pem', 'server.key'].map((name) => path.join(buildbox.folder, name));
    await writeFile(certificate ?? '', certificates.good.certificate);
    await writeFile(key ?? '', certificates.good.key, { mode: 0o600 });
    const client = clientWithToken('buildbox');
    const tls = `[tls]\ncertificate = "${certificate}"\nkey = "${key}"`;
    const { address } = await serve(context, `${client.configuration}\n${tls}`);
    const secure = [`--remote=https://${address}`, `--server-cert=${certificates.authorityFile}`];
    const command = ['/bin/sh', '-c', 'echo said'];
    const refused = await buildbox.run(['trexe', ...secure, ...command]);
    assert.notEqual(refused.code, 0);
    assert.match(refused.stderr, /\b16: /);
    await writeFile(path.join(buildbox.folder, 'token'), client.token);
    const token = `--access-token=${path.join(buildbox.folder, 'token')}`;
    const known = await buildbox.succeed(['trexe', ...secure, token, '--d=made', ...command]);
    assert.equal(known.stdout, 'said\n');
  });
});

/** Files of all sizes, those that go in one message and those that go in streams; an executable one, links, an empty folder's parent. */
async function makeTree(folder: string, random: () => number): Promise<void> {
  await mkdir(path.join(folder, 'deep/er'), { recursive: true });
  const sizes = [0, 1, 100, 65_536, 1_000_000, 9_000_000];
  for (const [index, size] of sizes.entries()) {
    const bytes = Buffer.alloc(size);
    for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32LE(Math.floor(random() * 2 ** 32), at);
    await writeFile(path.join(folder, index % 2 === 0 ? '.' : 'deep', `file-${index}`), bytes);
  }
  for (let index = 0; index < 500; index++) {
    await writeFile(path.join(folder, 'deep/er', `small-${index}`), String(random()));
  }
  await chmod(path.join(folder, 'file-2'), 0o755);
  await symlink('deep/file-1', path.join(folder, 'link'));
  await symlink('nowhere', path.join(folder, 'deep', 'broken'));
}
