/** Bazel 4.2.3 of Debian 12 and 7.7.1 of Debian forky: `npm run test:interoperability`. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { reasonToSkip } from '../end-to-end/native-builds.ts';
import { makeCertificates, makeTemporaryFolder, openToAll, removeFolder } from '../support/index.ts';
import { findBazel4, findBazel7, makeBazelProject, remotely } from './support/bazel.ts';
import { buildAgain, buildElsewhere } from './support/c-project.ts';
import { installForky } from './support/installations.ts';
import { otherServerReason, serve } from './support/server.ts';

const bazel4 = findBazel4();
const bazel7 = findBazel7();
const installations = [
  { name: 'Bazel 4.2.3', bazel: bazel4, remedy: 'tests/interoperability/install.sh bazel' },
  { name: 'Bazel 7.7.1', bazel: bazel7, remedy: installForky },
];

/** A server that wants to know who asks, and shows a certificate. */
async function serveSecurely(context: TestContext): Promise<{
  readonly remote: string;
  readonly token: string;
  readonly authorityFile: string;
}> {
  const folder = await makeTemporaryFolder();
  context.after(() => removeFolder(folder));
  const certificates = await makeCertificates(folder);
  const token = randomBytes(32).toString('base64url');
  const sha256 = createHash('sha256').update(token).digest('hex');
  await writeFile(path.join(folder, 'server.pem'), certificates.good.certificate);
  await writeFile(path.join(folder, 'server.key'), certificates.good.key, { mode: 0o600 });
  const { address } = await serve(
    context,
    `[tls]
certificate = "${folder}/server.pem"
key = "${folder}/server.key"
[clients.bazel]
token-sha256 = "${sha256}"`,
  );
  return { remote: `--remote_executor=grpcs://${address}`, token, authorityFile: certificates.authorityFile };
}

for (const { name, bazel, remedy } of installations) {
  const skip = bazel === undefined ? `no ${name}: ${remedy} gets it` : reasonToSkip();
  describe(name, { skip }, () => {
    if (bazel === undefined) return;

    test('builds a C project, and has it from the cache after', async (context) => {
      const project = await makeBazelProject(context, bazel);
      const remote = `--remote_executor=grpc://${(await serve(context)).address}`;
      await buildAgain(project, await buildElsewhere(project, remote), remote);
    });

    test('what fails is told as it was said', async (context) => {
      const project = await makeBazelProject(context, bazel);
      const remote = `--remote_executor=grpc://${(await serve(context)).address}`;
      await writeFile(path.join(project.folder, 'twice.c'), 'int twice(int number) { return 2 * nubmer; }\n');
      const { code, output } = await project.run('build', ...remotely, remote, '//:twice');
      assert.equal(code, 1, output);
      assert.match(output, /twice\.c:1:\d+: error: .nubmer. undeclared/);
    });

    test('a token is wanted and told over TLS', { skip: otherServerReason }, async (context) => {
      const { remote, token, authorityFile } = await serveSecurely(context);
      const project = await makeBazelProject(context, bazel);
      // Copied to where the project is, since a Bazel in another system sees no more of this one.
      const authority = path.join(project.folder, 'authority.pem');
      await writeFile(authority, await readFile(authorityFile));
      const secure = [remote, `--tls_certificate=${authority}`];
      const refused = await project.run('build', ...remotely, ...secure, '//:words');
      assert.notEqual(refused.code, 0, refused.output);
      assert.match(refused.output, /UNAUTHENTICATED/);
      const known = [...secure, `--remote_header=authorization=Bearer ${token}`];
      await buildAgain(project, await buildElsewhere(project, ...known), ...known);
    });

    test('a file is fetched by the realizer', { skip: otherServerReason }, async (context) => {
      const agents: (string | undefined)[] = [];
      const content = 'words of an origin\n';
      const origin = createServer((request, response) => {
        agents.push(request.headers['user-agent']);
        response.end(content);
      }).listen(0, '127.0.0.1');
      await once(origin, 'listening');
      context.after(() => origin.close());
      const url = `http://127.0.0.1:${(origin.address() as AddressInfo).port}/words.txt`;
      const sha256 = createHash('sha256').update(content).digest('hex');
      const workspace = `load("@bazel_tools//tools/build_defs/repo:http.bzl", "http_file")
http_file(name = "words_of_origin", urls = ["${url}"], sha256 = "${sha256}")
`;
      const project = await makeBazelProject(context, bazel, { workspace });
      const { address } = await serve(context, `${openToAll}\n[network]\nallow = ["127.0.0.0/8"]`);
      const services = [
        `--remote_cache=grpc://${address}`,
        `--experimental_remote_downloader=grpc://${address}`,
      ];
      const { code, output } = await project.run('build', ...services, '@words_of_origin//file');
      assert.equal(code, 0, output);
      const fetched = path.join(project.folder, 'bazel-project/external/words_of_origin/file/downloaded');
      assert.equal(await readFile(fetched, 'utf8'), content);
      assert.equal(agents.length, 1);
      assert.doesNotMatch(agents[0] ?? '', /bazel/i);
    });
  });
}

describe(
  'Bazel 7.7.1, with what 4.2.3 has not',
  { skip: bazel7 === undefined ? `no Bazel 7: ${installForky} gets it` : reasonToSkip() },
  () => {
    if (bazel7 === undefined) return;

    test('digests are BLAKE3', { skip: otherServerReason }, async (context) => {
      const project = await makeBazelProject(context, bazel7, { startup: ['--digest_function=blake3'] });
      const remote = `--remote_executor=grpc://${(await serve(context)).address}`;
      await buildAgain(project, await buildElsewhere(project, remote), remote);
    });

    test('what is moved is compressed', { skip: otherServerReason }, async (context) => {
      const project = await makeBazelProject(context, bazel7);
      const remote = `--remote_executor=grpc://${(await serve(context)).address}`;
      const words = [
        remote,
        '--remote_cache_compression',
        '--experimental_remote_cache_compression_threshold=0',
      ];
      await buildAgain(project, await buildElsewhere(project, ...words), ...words);
    });
  },
);
