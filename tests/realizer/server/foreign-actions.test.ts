import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { fromBinary } from '@bufbuild/protobuf';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { CommandSandbox, serverLimits } from '../../../src/realizer/index.ts';
import {
  ActionSchema,
  Command_OutputDirectoryFormat as Format,
  CommandSchema,
  type Digest,
  DirectorySchema,
  type ExecuteResponse,
  PreconditionFailureSchema,
  TreeSchema,
} from '../../../src/realizer/protocol/index.ts';
import { ExecutionRig, Link, Script } from './support/execution-rig.ts';

const lacking = await whatIsLacking();
const skip = lacking === undefined ? false : `there is no sandbox here: ${lacking}`;
const absent: Digest = { hash: 'ab'.repeat(32), sizeBytes: 5n } as Digest;

describe('a foreign action', { skip }, () => {
  it('is ended where it uses more than it may, and says why', async () => {
    const native = { ...serverLimits.native, processes: 20 };
    await using rig = await ExecutionRig.create({
      configuration: { limits: { ...serverLimits, native } },
    });
    const client = rig.client();
    const action = await client.script('for i in $(seq 60); do sleep 100 & done; wait');
    const { exitCode, stderrDigest } = await client.result(action);
    assert.equal(exitCode, 137);
    assert.match(
      await rig.download(stderrDigest),
      /\(ended here: it had more than 20 processes and threads\)/,
    );
  });

  for (const name of ['sha256', 'blake3'] as const) {
    it(`runs over its input root, and leaves files, folders and links by ${name}`, async () => {
      await using rig = await ExecutionRig.create();
      const client = rig.client();
      const action = await client.script(
        `mkdir -p out/deep; tr a-z A-Z < in.txt > out/deep/up.txt; ./tool > out/made; chmod 755 out/made
         ln -s deep/up.txt out/link; ln -s nowhere alone; cp out/made single; echo said; echo told >&2`,
        {
          inputs: { 'in.txt': 'alpha', tool: new Script('#!/bin/sh\necho made\n') },
          command: {
            outputPaths: ['alone', 'missing', 'out', 'single'],
            outputDirectoryFormat: Format.TREE_AND_DIRECTORY,
          },
        },
        name,
      );
      const result = await client.result(action, { inlineStdout: true, inlineOutputFiles: ['single'] }, name);
      assert.equal(result.exitCode, 0);
      assert.equal(Buffer.from(result.stdoutRaw).toString(), 'said\n');
      assert.equal(result.stderrRaw.length, 0);
      assert.equal(await rig.download(result.stderrDigest, name), 'told\n');
      assert.deepEqual(
        result.outputFiles.map(({ path, isExecutable, contents }) => [
          path,
          isExecutable,
          Buffer.from(contents).toString(),
        ]),
        [['single', true, 'made\n']],
      );
      assert.deepEqual(
        result.outputSymlinks.map(({ path, target }) => [path, target]),
        [['alone', 'nowhere']],
      );
      const [out, ...others] = result.outputDirectories;
      assert.deepEqual([out?.path, others.length], ['out', 0]);
      const tree = fromBinary(TreeSchema, await rig.bytes(out?.treeDigest, name));
      assert.deepEqual(
        tree.root?.files.map((file) => [file.name, file.isExecutable]),
        [['made', true]],
      );
      assert.deepEqual(
        tree.root?.symlinks.map((link) => link.target),
        ['deep/up.txt'],
      );
      const [file] = tree.children[0]?.files ?? [];
      assert.equal(await rig.download(file?.digest, name), 'ALPHA');
      const root = fromBinary(DirectorySchema, await rig.bytes(out?.rootDirectoryDigest, name));
      assert.deepEqual(root, tree.root);
    });
  }

  it('has just the environment that it is given', async () => {
    await using rig = await ExecutionRig.create();
    const client = rig.client();
    const run = async (environmentVariables: { name: string; value: string }[]): Promise<string> => {
      const command = { arguments: ['/usr/bin/env'], environmentVariables };
      const result = await client.result(await client.action({ command }), { inlineStdout: true });
      return Buffer.from(result.stdoutRaw).toString();
    };
    assert.equal(await run([]), '');
    assert.equal(await run([{ name: 'A', value: "it's b" }]), "A=it's b\n");
    assert.equal(await run([{ name: 'PWD', value: '/elsewhere' }]), 'PWD=/elsewhere\n');
  });

  it('begins in its working folder, from which its outputs are named, and whose way there is made', async () => {
    await using rig = await ExecutionRig.create();
    const client = rig.client();
    const action = await client.script('pwd; cat ../../top; echo x > made/deep/file', {
      inputs: { top: 'above\n' },
      command: { workingDirectory: 'a/b', outputPaths: ['made/deep/file'] },
    });
    const result = await client.result(action, { inlineStdout: true });
    assert.equal(Buffer.from(result.stdoutRaw).toString(), '/build/a/b\nabove\n');
    assert.deepEqual(
      result.outputFiles.map(({ path }) => path),
      ['made/deep/file'],
    );
  });

  it('of an older client names files and folders apart', async () => {
    await using rig = await ExecutionRig.create();
    const client = rig.client();
    const action = await client.script(
      'echo f > folder/file; ln -s file folder/to-file; rmdir to-folder; ln -s folder to-folder; echo x > one',
      {
        command: {
          outputFiles: ['folder/to-file', 'one'],
          outputDirectories: ['folder', 'to-folder', 'untouched'],
        },
      },
    );
    const result = await client.result(action);
    assert.equal(result.exitCode, 0);
    assert.deepEqual(pathsOf(result.outputFiles), ['one']);
    assert.deepEqual(pathsOf(result.outputFileSymlinks), ['folder/to-file']);
    assert.deepEqual(pathsOf(result.outputDirectories), ['folder', 'untouched']);
    assert.deepEqual(pathsOf(result.outputDirectorySymlinks), ['to-folder']);
  });

  it('ends as its program does, and counts as known only where that ended well', async () => {
    await using rig = await ExecutionRig.create();
    const client = rig.client();
    const failing = await client.script('echo trouble >&2; exit 3');
    for (let time = 0; time < 2; time++) {
      const { response } = await client.execute(failing, { inlineStderr: true });
      assert.deepEqual(
        [response.status?.code, response.result?.exitCode, response.cachedResult],
        [0, 3, false],
      );
      assert.equal(Buffer.from(response.result?.stderrRaw ?? []).toString(), 'trouble\n');
    }
    const killed = await client.result(await client.script('kill -9 $$'));
    assert.equal(killed.exitCode, 137);
    const lacking = await client.result(await client.action({ command: { arguments: ['no-such-program'] } }));
    assert.equal(lacking.exitCode, 127);
    const working = await client.script('date +%N');
    const cached = async (request = {}): Promise<boolean> =>
      (await client.execute(working, request)).response.cachedResult;
    assert.deepEqual(
      [await cached(), await cached(), await cached({ skipCacheLookup: true })],
      [false, true, false],
    );
  });

  it('that is not to be kept is executed each time', async () => {
    await using rig = await ExecutionRig.create();
    const client = rig.client();
    const action = await client.script('date', { action: { doNotCache: true } });
    for (let time = 0; time < 2; time++)
      assert.equal((await client.execute(action)).response.cachedResult, false);
    assert.equal(rig.events.filter(({ type }) => type === 'action-started').length, 2);
  });

  it('reaches no network, unless it asks for it and the operator allows that', async () => {
    const server = createServer((socket) => socket.end('reached\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const script = `exec 3<>/dev/tcp/127.0.0.1/${port} && cat <&3`;
      await using rig = await ExecutionRig.create({ platform: new Map([['network', ['on', 'off']]]) });
      const client = rig.client();
      const outputOf = async (value: string): Promise<string> => {
        const action = await client.action({
          command: {
            arguments: ['/bin/bash', '-c', script],
            platform: { properties: [{ name: 'network', value }] },
          },
        });
        return Buffer.from((await client.result(action, { inlineStdout: true })).stdoutRaw).toString();
      };
      assert.deepEqual([await outputOf('off'), await outputOf('on')], ['', 'reached\n']);
    } finally {
      server.close();
    }
  });

  it('is refused where it wants a platform that is not accepted, and is told what is', async () => {
    await using rig = await ExecutionRig.create({ platform: new Map([['OSFamily', ['linux', 'Linux']]]) });
    const client = rig.client();
    const refusal = async (name: string, value: string): Promise<string> => {
      const platform = { properties: [{ name, value }] };
      const inAction = await client.execute(await client.script('true', { action: { platform } }));
      const inCommand = await client.execute(await client.script('true', { command: { platform } }));
      assert.deepEqual(inAction.response.status, inCommand.response.status);
      return `${Code[inAction.response.status?.code ?? 0]}: ${inAction.response.status?.message}`;
    };
    assert.equal(
      await refusal('gpu', 'yes'),
      "InvalidArgument: the platform property 'gpu' is not known here: the properties that this realizer accepts are 'OSFamily'",
    );
    assert.equal(
      await refusal('OSFamily', 'windows'),
      "InvalidArgument: the platform property 'OSFamily' is not accepted with the value 'windows': the values of it that this realizer accepts are 'linux', 'Linux'",
    );
    assert.equal(await refusal('OSFamily', 'linux'), 'undefined: ');
  });

  it('is ended when its time is over', async () => {
    await using rig = await ExecutionRig.create({ longestMs: 60_000 });
    const client = rig.client();
    const endless = 'while :; do :; done';
    const { response } = await client.execute(
      await client.script(endless, { action: { timeout: { seconds: 0n, nanos: 300_000_000 } } }),
    );
    assert.equal(response.status?.code, Code.DeadlineExceeded);
    assert.match(response.status.message, /ended after 0\.3 s/);
    const tooLong = await client.execute(
      await client.script(endless, { action: { timeout: { seconds: 61n } } }),
    );
    assert.equal(tooLong.response.status?.code, Code.InvalidArgument);
    assert.match(tooLong.response.status.message, /may take 60 s here, and this one wants 61 s/);
  });

  it('says what is missing of it, all at once', async () => {
    await using rig = await ExecutionRig.create();
    const client = rig.client();
    const subject = `blobs/${absent.hash}/5`;
    assert.deepEqual(missingIn((await client.execute(absent)).response), [subject]);
    const command = await rig.uploadMessage(CommandSchema, { arguments: ['true'] });
    const without = async (init: object): Promise<readonly string[]> => {
      const action = await rig.uploadMessage(ActionSchema, init);
      return missingIn((await client.execute(action)).response);
    };
    const empty = await rig.uploadMessage(DirectorySchema, {});
    assert.deepEqual(await without({ commandDigest: absent, inputRootDigest: empty }), [subject]);
    assert.deepEqual(await without({ commandDigest: command, inputRootDigest: absent }), [subject]);
    const other = { hash: 'cd'.repeat(32), sizeBytes: 7n };
    const inputRootDigest = await rig.uploadMessage(DirectorySchema, {
      files: [{ name: 'file', digest: absent }],
      directories: [{ name: 'folder', digest: other }],
    });
    assert.deepEqual(
      new Set(await without({ commandDigest: command, inputRootDigest })),
      new Set([subject, `blobs/${other.hash}/7`]),
    );
  });

  it('may write to its inputs, which harms nothing that the store has', async () => {
    await using rig = await ExecutionRig.create();
    const client = rig.client();
    const inputs = { 'in.txt': 'as it was', folder: { same: 'as it was' } };
    const first = await client.script('echo changed > in.txt; rm -r folder', { inputs });
    assert.equal((await client.result(first)).exitCode, 0);
    const second = await client.script('cat in.txt folder/same', { inputs });
    const result = await client.result(second, { inlineStdout: true });
    assert.equal(Buffer.from(result.stdoutRaw).toString(), 'as it wasas it was');
  });

  it('with names that no directory can have is refused', async () => {
    await using rig = await ExecutionRig.create();
    const client = rig.client();
    const digest = await rig.upload('x');
    const commandDigest = await rig.uploadMessage(CommandSchema, { arguments: ['true'] });
    const roots: [RegExp, object][] = [
      [/the name "\.\."/, { files: [{ name: '..', digest }] }],
      [/the name "\."/, { symlinks: [{ name: '.', target: 'x' }] }],
      [/the name ""/, { files: [{ name: '', digest }] }],
      [/the name "a\/b"/, { files: [{ name: 'a/b', digest }] }],
      [/the name "\/etc\/passwd"/, { files: [{ name: '/etc/passwd', digest }] }],
      [/holds 'a' twice/, { files: [{ name: 'a', digest }], symlinks: [{ name: 'a', target: '/etc' }] }],
      [/'a' of the input root has no digest/, { files: [{ name: 'a' }] }],
      [
        /'a' of the input root has no digest/,
        { files: [{ name: 'a', digest: { ...digest, sizeBytes: -1n } }] },
      ],
      [/leads nowhere/, { symlinks: [{ name: 'a', target: '' }] }],
    ];
    for (const [expected, root] of roots) {
      const inputRootDigest = await rig.uploadMessage(DirectorySchema, root);
      const action = await rig.uploadMessage(ActionSchema, { commandDigest, inputRootDigest });
      const { status } = (await client.execute(action)).response;
      assert.equal(status?.code, Code.InvalidArgument, status?.message ?? 'no status');
      assert.match(status.message, expected);
    }
  });

  it('whose outputs would lie elsewhere is refused', async () => {
    await using rig = await ExecutionRig.create();
    const client = rig.client();
    for (const path of ['../up', '/etc/passwd', 'a/../../b', 'a//b', 'a/', './a', 'nul\0']) {
      const named = await client.execute(await client.script('true', { command: { outputPaths: [path] } }));
      assert.equal(named.response.status?.code, Code.InvalidArgument, path);
      const begun = await client.execute(
        await client.script('true', { command: { workingDirectory: path } }),
      );
      assert.equal(begun.response.status?.code, Code.InvalidArgument, path);
    }
  });

  it('cannot have files of the machine taken for its outputs through links', async () => {
    await using rig = await ExecutionRig.create();
    const client = rig.client();
    const before = await client.script('true', {
      inputs: { out: new Link('/etc') },
      command: { outputPaths: ['out/made-here/file', 'out/passwd'] },
    });
    const made = await client.script('rm -r later here; ln -s /etc later; ln -s / here', {
      command: { outputPaths: ['here/etc/passwd', 'later/passwd'] },
    });
    for (const action of [before, made]) {
      const result = await client.result(action);
      assert.equal(result.exitCode, 0);
      assert.deepEqual([result.outputFiles, result.outputDirectories], [[], []]);
    }
  });

  it('with an input root that holds itself many times over is refused before it is made', async () => {
    await using rig = await ExecutionRig.create();
    const client = rig.client();
    let digest = await rig.uploadMessage(DirectorySchema, {});
    for (let level = 0; level < 60; level++) {
      digest = await rig.uploadMessage(DirectorySchema, {
        directories: [
          { name: 'a', digest },
          { name: 'b', digest },
        ],
      });
    }
    const commandDigest = await rig.uploadMessage(CommandSchema, { arguments: ['true'] });
    const wide = await rig.uploadMessage(ActionSchema, { commandDigest, inputRootDigest: digest });
    assert.match(
      (await client.execute(wide)).response.status?.message ?? '',
      /more than 500000 files and directories/,
    );
    for (let level = 0; level < 200; level++)
      digest = await rig.uploadMessage(DirectorySchema, { directories: [{ name: 'a', digest }] });
    const deep = await rig.uploadMessage(ActionSchema, { commandDigest, inputRootDigest: digest });
    assert.match((await client.execute(deep)).response.status?.message ?? '', /more than 200 deep/);
  });

  it('that leaves something odd is answered all the same', async () => {
    await using rig = await ExecutionRig.create();
    const client = rig.client();
    const locked = await client.script(
      'mkdir -p out/shut; echo x > out/shut/file; chmod 000 out/shut/file out/shut',
      {
        command: { outputPaths: ['out'] },
      },
    );
    assert.equal((await client.result(locked)).outputDirectories.length, 1);
    const fifo = await client.script('mkdir out; mkfifo out/pipe', { command: { outputPaths: ['out'] } });
    const { status } = (await client.execute(fifo)).response;
    assert.equal(status?.code, Code.FailedPrecondition);
    assert.match(status.message, /out\/pipe/);
  });

  it('is refused, with what the operator can do, where the tools of the machine are not offered', async () => {
    await using rig = await ExecutionRig.create({ configuration: { hostTools: false } });
    const client = rig.client();
    const { status } = (await client.execute(await client.script('true'))).response;
    assert.equal(status?.code, Code.FailedPrecondition);
    assert.match(status.message, /runs no actions but Cab's own derivations: .*'host-tools'/);
  });

  it('that says more than it may is cut', async () => {
    await using rig = await ExecutionRig.create();
    const client = rig.client();
    const result = await client.result(await client.script('head -c 20000000 /dev/zero | tr "\\0" x'));
    assert.equal(result.exitCode, 0);
    const said = await rig.download(result.stdoutDigest);
    assert.match(said.slice(-100), /x\n\(cut here: it may hold 16777216 bytes\)\n$/);
  });
});

function pathsOf(outputs: readonly { readonly path: string }[]): string[] {
  return outputs.map(({ path }) => path);
}

function missingIn({ status }: ExecuteResponse): readonly string[] {
  assert.equal(status?.code, Code.FailedPrecondition, status?.message ?? 'no status');
  return status.details.flatMap((detail) => {
    const violations = anyUnpack(detail, PreconditionFailureSchema)?.violations ?? [];
    assert.ok(violations.every(({ type }) => type === 'MISSING'));
    return violations.map(({ subject }) => subject);
  });
}

async function whatIsLacking(): Promise<string | undefined> {
  await using rig = await ExecutionRig.create();
  return await new CommandSandbox(rig.store, serverLimits.native).lacking();
}
