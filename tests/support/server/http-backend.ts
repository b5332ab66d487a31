import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { gitEnvironment } from '../repository/git.ts';
import { textAnswer, type Answer } from './answer.ts';
import type { ServedRequest } from './request.ts';

const headerEnd = '\r\n\r\n';

/** Whether the path is one of git's smart HTTP protocol, read-only. */
export function isGitPath(requestPath: string): boolean {
  return /^\/[^/]+\/[^/]+\/(info\/refs|git-upload-pack)$/.test(requestPath);
}

/** Lets `git http-backend` answer. It is killed when the client has gone. */
export async function answerWithGit(
  repositories: string,
  request: ServedRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const child = spawn('git', ['http-backend'], {
    env: { ...gitEnvironment, ...gatewayVariables(repositories, request) },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const kill = (): boolean => child.kill();
  signal.addEventListener('abort', kill);
  child.on('close', () => signal.removeEventListener('abort', kill));
  // What git does not want to read it answers with an error of its own.
  child.stdin.on('error', () => {});
  child.stdin.end(request.body);
  const header = await readHeader(child.stdout);
  if (header === undefined) return textAnswer(500, 'git http-backend gave no answer');
  return { ...parseHeader(header), body: child.stdout };
}

/** The folder of the repository that a path's first two segments name, with or without `.git`. */
export function repositoryFolder(repositories: string, owner: string, name: string): string {
  return path.join(repositories, owner, `${name.replace(/\.git$/, '')}.git`);
}

/** The variables of the Common Gateway Interface, RFC 3875. */
function gatewayVariables(repositories: string, request: ServedRequest): Record<string, string> {
  const [, owner = '', name = '', ...rest] = request.path.split('/');
  const header = (key: string): string => String(request.headers[key] ?? '');
  return {
    GIT_PROJECT_ROOT: repositories,
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_PROTOCOL: header('git-protocol'),
    REQUEST_METHOD: request.method,
    PATH_INFO: `/${owner}/${name.replace(/\.git$/, '')}.git/${rest.join('/')}`,
    QUERY_STRING: request.query,
    CONTENT_TYPE: header('content-type'),
    CONTENT_LENGTH: String(request.body.length),
    HTTP_CONTENT_ENCODING: header('content-encoding'),
    REMOTE_ADDR: '127.0.0.1',
    REMOTE_USER: '',
  };
}

async function readHeader(output: Readable): Promise<string | undefined> {
  let held = Buffer.alloc(0);
  for (;;) {
    const chunk = output.read() as Buffer | null;
    if (chunk === null) {
      if (output.readableEnded || output.destroyed) return undefined;
      await Promise.race([once(output, 'readable'), once(output, 'close')]);
      continue;
    }
    held = Buffer.concat([held, chunk]);
    const end = held.indexOf(headerEnd);
    if (end === -1) continue;
    const rest = held.subarray(end + headerEnd.length);
    if (rest.length > 0) output.unshift(rest);
    return held.toString('latin1', 0, end);
  }
}

function parseHeader(text: string): { status: number; headers: Record<string, string> } {
  const headers: Record<string, string> = {};
  let status = 200;
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'status') status = Number.parseInt(value, 10);
    else headers[name] = value;
  }
  return { status, headers };
}
