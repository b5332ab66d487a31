import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const longest = 1 << 28;

/** What xz makes of a content. */
export function xz(content: Uint8Array, options: readonly string[] = []): Buffer {
  return checked(spawnSync('xz', ['-c', '-q', ...options], { input: content, maxBuffer: longest }));
}

export function bzip2(content: Uint8Array, options: readonly string[] = []): Buffer {
  return checked(spawnSync('bzip2', ['-c', ...options], { input: content, maxBuffer: longest }));
}

/** From a file, since zstd then knows the length of the content beforehand. */
export function zstd(content: Uint8Array, options: readonly string[] = []): Buffer {
  const folder = mkdtempSync(path.join(tmpdir(), 'cab-zstd-'));
  try {
    writeFileSync(path.join(folder, 'content'), content);
    const words = ['-q', '-f', ...options, 'content', '-o', 'content.zst'];
    checked(spawnSync('zstd', words, { cwd: folder }));
    return readFileSync(path.join(folder, 'content.zst'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** From a stream of unknown length. */
export function zstdOfStream(content: Uint8Array, options: readonly string[] = []): Buffer {
  return checked(spawnSync('zstd', ['-c', '-q', ...options], { input: content, maxBuffer: longest }));
}

function checked({ status, stdout, stderr }: ReturnType<typeof spawnSync>): Buffer {
  if (status !== 0) throw new Error(`compressing failed: ${stderr?.toString()}`);
  return stdout as Buffer;
}
