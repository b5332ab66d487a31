import { spawnSync } from 'node:child_process';
import type { TestContext } from 'node:test';
import { withCab, type CabRig } from '../support/index.ts';

export const system = process.arch === 'arm64' ? 'aarch64-linux' : 'x86_64-linux';

/** Begins a project's text: `packages` is there for what follows. */
export const head = `let packages = import <cab:packages> { system = "${system}", }, in\n`;

/** Why nothing native can be built here, or false. */
export function reasonToSkip(): string | false {
  if (process.platform !== 'linux') return 'native builds want Linux';
  const trial = spawnSync('bwrap', ['--unshare-user', '--ro-bind', '/', '/', 'true'], { encoding: 'utf8' });
  if (trial.error !== undefined) return 'bubblewrap is not installed: apt-get install bubblewrap';
  return trial.status === 0 ? false : `bubblewrap cannot make a sandbox here: ${trial.stderr.trim()}`;
}

export async function withProject(context: TestContext, text: string): Promise<CabRig> {
  const rig = await withCab(context);
  await rig.write({ 'default.cab': text });
  return rig;
}

/** What programs were run for, as the plain report tells. */
export function started(report: string): string[] {
  return [...report.matchAll(/^realize\s+(\S+)$/gm)].map(([, name]) => name as string);
}
