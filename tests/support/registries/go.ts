import path from 'node:path';
import { type Repository } from '../repository/index.ts';
import { runTool } from './packages.ts';

/**
 * Lets Go itself download a module from a repository, as if that lay at the host that the module's path names. Its cache is
 * laid out as module proxies are; answers the hash that Go has for the module.
 */
export async function publishGoModule(
  cache: string,
  repository: Repository,
  module: string,
  version: string,
): Promise<{ readonly version: string; readonly hash: string }> {
  const words = ['mod', 'download', '-json', `${module}@${version}`];
  const output = await runTool('go', words, repository.folder, {
    GOMODCACHE: cache,
    GOFLAGS: '-modcacherw',
    GOPROXY: 'direct',
    GONOSUMDB: '*',
    GOTOOLCHAIN: 'local',
    GOVCS: '*:git',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `url.${repository.folder}.insteadOf`,
    GIT_CONFIG_VALUE_0: `https://${module.replace(/\.git(\/.*)?$/, '')}`,
  });
  const { Version, Sum } = JSON.parse(output) as { readonly Version: string; readonly Sum: string };
  return { version: Version, hash: Sum };
}

export function goProxyOf(cache: string): string {
  return path.join(cache, 'cache', 'download');
}
