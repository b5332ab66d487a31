import type { FileContent } from './repository.ts';

export interface FastImportCommit {
  readonly branch: string;
  readonly parent: string | undefined;
  readonly message: string;
  readonly timeSeconds: number;
  readonly files: Iterable<readonly [string, FileContent]>;
}

/** One commit in the language of `git fast-import`, piece by piece, so that a large one is never held whole. */
export function* fastImportCommit(commit: FastImportCommit): Generator<Uint8Array | string> {
  yield `commit refs/heads/${commit.branch}\n`;
  yield `committer Ada <ada@example.org> ${commit.timeSeconds} +0000\n`;
  yield* data(commit.message);
  if (commit.parent !== undefined) yield `from ${commit.parent}\n`;
  for (const [name, content] of commit.files) yield* change(name, content);
  yield 'done\n';
}

function* change(name: string, content: FileContent): Generator<Uint8Array | string> {
  if (content === null) {
    yield `D ${quote(name)}\n`;
    return;
  }
  const { mode, bytes } = modeAndBytes(content);
  yield `M ${mode} inline ${quote(name)}\n`;
  yield* data(bytes);
}

function modeAndBytes(content: Exclude<FileContent, null>): { mode: string; bytes: string | Uint8Array } {
  if (typeof content === 'string' || content instanceof Uint8Array) return { mode: '100644', bytes: content };
  if ('symlink' in content) return { mode: '120000', bytes: content.symlink };
  return { mode: content.executable ? '100755' : '100644', bytes: content.content };
}

function* data(content: string | Uint8Array): Generator<Uint8Array | string> {
  yield `data ${Buffer.byteLength(content)}\n`;
  yield content;
  yield '\n';
}

function quote(name: string): string {
  return `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
