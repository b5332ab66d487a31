import { spawn } from 'node:child_process';
import { git, gitEnvironment } from '../repository/git.ts';
import { textAnswer, type Answer } from './answer.ts';
import { repositoryFolder } from './http-backend.ts';
import type { ServedRequest } from './request.ts';

const archivePath = /^\/(?<owner>[^/]+)\/(?<name>[^/]+)\/archive\/(?<ref>.+)\.tar\.gz$/;

export function isArchivePath(requestPath: string): boolean {
  return archivePath.test(requestPath);
}

/** Answers with a forge's archive of a ref: all below one folder, and the commit as a strong entity tag. */
export async function answerWithArchive(
  repositories: string,
  request: ServedRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const { owner = '', name = '', ref = '' } = archivePath.exec(request.path)?.groups ?? {};
  const folder = repositoryFolder(repositories, owner, name);
  const commit = await findCommit(folder, ref);
  if (commit === undefined) return textAnswer(404, 'Not Found');
  const etag = `"${commit}"`;
  if (request.headers['if-none-match'] === etag) return { status: 304, headers: { etag } };
  const headers = { 'content-type': 'application/x-gzip', etag };
  if (request.method === 'HEAD') return { status: 200, headers };
  const prefix = `${name}-${ref.replaceAll('/', '-')}/`;
  const child = spawn('git', ['archive', '--format=tar.gz', `--prefix=${prefix}`, commit], {
    cwd: folder,
    env: gitEnvironment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const kill = (): boolean => child.kill();
  signal.addEventListener('abort', kill);
  child.on('close', () => signal.removeEventListener('abort', kill));
  return { status: 200, headers, body: child.stdout };
}

async function findCommit(folder: string, ref: string): Promise<string | undefined> {
  try {
    return await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`], { folder });
  } catch {
    return undefined;
  }
}
