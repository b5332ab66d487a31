import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { describe, it } from 'node:test';
import type { ExecutionResult } from '../../src/realizer/executors/index.ts';
import type { OutputRecord } from '../../src/store/index.ts';
import { ShellRig } from './support/shell-rig.ts';

const fix = { kind: 'self' } as const;

/** Records what a run came to, as a realizer does. */
function commit({ rig }: ShellRig, result: ExecutionResult): OutputRecord {
  if (result.outcome !== 'finished') throw new Error(`it has not finished: ${JSON.stringify(result)}`);
  const { outputs, contents = [] } = result;
  rig.store.commit({ outputs: Object.values(outputs), contents });
  return outputs['out'] as OutputRecord;
}

/** A tree with a file and a folder, each named, and recorded. */
async function named(shell: ShellRig): Promise<OutputRecord> {
  const { result, log } = await shell.run(
    [
      'mkdir $out',
      'write $out/a first',
      'mkdir $out/d',
      'write $out/d/b second',
      'executable $out/d/b 1',
      'name blob:a $out/a',
      'name tree:d $out/d',
    ],
    { fix },
  );
  assert.deepEqual(log, []);
  return commit(shell, result);
}

describe('content that a program has named', () => {
  it('is found by a later run, with digest and size, and placed', async () => {
    await using shell = await ShellRig.create();
    const { tree } = await named(shell);
    const { files, directories } = shell.rig.store.getTree(tree);
    const { result, log } = await shell.run(
      [
        'find blob:a',
        'find tree:d',
        'find blob:other',
        'mkdir $out',
        'place tree:d $out/deep',
        'place blob:a $out/file',
        'executable $out/file 1',
        'place blob:a $out/plain',
      ],
      { fix },
    );
    assert.deepEqual(log, [
      `find: 1 ${files[0]?.digest} 5`,
      `find: 2 ${directories[0]?.digest} ${directories[0]?.size}`,
      'find: 0',
    ]);
    assert.deepEqual(shell.rig.contents(result), {
      deep: 'directory',
      'deep/b': 'executable:second',
      file: 'executable:first',
      plain: 'file:first',
    });
  });

  it('can be the whole output', async () => {
    await using shell = await ShellRig.create();
    await named(shell);
    const { result } = await shell.run(['place tree:d $out'], { fix });
    assert.deepEqual(shell.rig.contents(result), { b: 'executable:second' });
  });

  it('is read like any file, and what is written to it is a copy', async () => {
    await using shell = await ShellRig.create();
    await named(shell);
    const { result, log } = await shell.run(
      [
        'place tree:d /tmp/d',
        'read /tmp/d/b',
        'write /tmp/d/b other',
        'write /tmp/d/c other',
        'place blob:a $out',
        'append $out -and-more',
        'find blob:a',
      ],
      { fix },
    );
    assert.deepEqual(log.slice(0, 3), ['read: second', 'write: error 69', 'write: error 69']);
    assert.match(log[3] ?? '', /^find: 1 .* 5$/);
    assert.deepEqual(shell.rig.contents(result), { '': 'file:first-and-more' });
  });

  it('is not there for another program, nor for an ordinary build', async () => {
    await using shell = await ShellRig.create();
    const record = await named(shell);
    const digest = shell.rig.store.lookup(shell.builder, '/');
    assert.ok(digest?.kind === 'file');
    assert.ok(shell.rig.store.findContent(digest.digest, 'blob:a'));
    assert.equal(shell.rig.store.findContent(record.tree, 'blob:a'), undefined);
    const { log } = await shell.run(['find blob:a', 'place blob:a $out', 'write $out x', 'name blob:x $out']);
    assert.deepEqual(log, ['find: 0', 'place: error 44', 'name: error 76']);
  });

  it('is named only with the output that it is a part of', async () => {
    await using shell = await ShellRig.create();
    const { result } = await shell.run(
      ['write scratch lost', 'name blob:lost scratch', 'write $out kept', 'name blob:kept $out'],
      { fix },
    );
    commit(shell, result);
    assert.match(
      (await shell.logOf(['find blob:lost', 'find blob:kept'], { fix })).join(),
      /^find: 0,find: 1 /,
    );
  });

  it('is not found where its blob has gone', async () => {
    await using shell = await ShellRig.create();
    const { tree } = await named(shell);
    const [file] = shell.rig.store.getTree(tree).files;
    assert.ok(file);
    await rm(shell.rig.store.blobs.file(file.digest));
    assert.deepEqual(await shell.logOf(['find blob:a', 'place blob:a x'], { fix }), [
      'find: 0',
      'place: error 44',
    ]);
  });

  it('takes ids of the form of a claim, and new places only', async () => {
    await using shell = await ShellRig.create();
    await named(shell);
    const commands = [
      'find nonsense',
      'write x y',
      'name nonsense x',
      'place blob:a x',
      'name blob:b missing',
    ];
    assert.deepEqual(await shell.logOf(commands, { fix }), [
      'find: 0',
      'name: error 28',
      'place: error 20',
      'name: error 44',
    ]);
  });
});
