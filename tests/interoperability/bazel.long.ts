/** Bazel 4.2.3 of Debian 12 and 7.7.1 of Debian forky: `npm run test:interoperability`. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, test } from 'node:test';
import { reasonToSkip } from '../end-to-end/native-builds.ts';
import { openToAll } from '../support/index.ts';
import { findBazel4, findBazel7, makeBazelProject, remotely } from './support/bazel.ts';
import { buildAgain, buildElsewhere } from './support/c-project.ts';
import { installForky } from './support/installations.ts';
import { clientWithToken, otherServerReason, serve } from './support/server.ts';

const bazel4 = findBazel4();
const bazel7 = findBazel7();
const installations = [
  { name: 'Bazel 4.2.3', bazel: bazel4, remedy: 'tests/interoperability/install.sh bazel' },
  { name: 'Bazel 7.7.1', bazel: bazel7, remedy: installForky },
];

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

    // Over a plain connection: Debian builds its Bazels with a Netty that cannot do what gRPC wants of TLS.
    test('a token is wanted, and told', { skip: otherServerReason }, async (context) => {
      const { token, configuration } = clientWithToken('bazel');
      const remote = `--remote_executor=grpc://${(await serve(context, configuration)).address}`;
      const project = await makeBazelProject(context, bazel);
      const refused = await project.run('build', ...remotely, remote, '//:words');
      assert.notEqual(refused.code, 0, refused.output);
      assert.match(refused.output, /UNAUTHENTICATED/);
      const known = [remote, `--remote_header=authorization=Bearer ${token}`];
      await buildElsewhere(project, ...known);
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
      const startup = ['--digest_function=blake3'];
      const project = await makeBazelProject(context, bazel7, { startup });
      const trial = await project.run('info');
      if (trial.output.includes('Not a valid hash function')) {
        context.skip('this Bazel was built without BLAKE3, as those of Debian are');
        return;
      }
      const remote = `--remote_executor=grpc://${(await serve(context)).address}`;
      await buildAgain(project, await buildElsewhere(project, remote), remote);
    });

    test('what is moved is compressed', { skip: otherServerReason }, async (context) => {
      // Where Debian has the library that its Bazel needs for zstd, and does not find by itself.
      const libraries = [
        '/usr/share/bazel',
        `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`,
      ];
      const startup = [`--host_jvm_args=-Djava.library.path=${libraries.join(':')}`];
      const project = await makeBazelProject(context, bazel7, { startup });
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
