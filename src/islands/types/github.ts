import type { IslandType } from '../island.ts';
import { gitIsland } from './git.ts';

/** `<github:cull-os/cab>`, `<github:cull-os/cab/v1.0>`. */
export const github: IslandType = {
  name: 'github',
  form: 'github:OWNER/REPOSITORY[/REF]',
  options: ['owner', 'repository', 'ref'],
  parse(body, subtree) {
    const parts = typeof body === 'string' ? splitText(body) : body;
    const { owner, repository, ref = 'HEAD' } = parts;
    if (typeof owner !== 'string' || typeof repository !== 'string' || typeof ref !== 'string') {
      return { ok: false, fault: "it needs an owner and a repository, as in 'github:cull-os/cab'" };
    }
    if (!isName(owner) || !isName(repository)) {
      return { ok: false, fault: `'${owner}/${repository}' has not the form OWNER/REPOSITORY` };
    }
    const name = `${owner}/${repository}`;
    return gitIsland({
      url: `https://github.com/${name}.git`,
      ref,
      subtree,
      body: ref === 'HEAD' ? name : `${name}/${ref}`,
    });
  },
};

function splitText(body: string): Record<string, string> {
  const [owner, repository, ...ref] = body.split('/');
  return {
    ...(owner !== undefined && { owner }),
    ...(repository !== undefined && { repository }),
    ...(ref.length > 0 && { ref: ref.join('/') }),
  };
}

function isName(text: string): boolean {
  return /^[A-Za-z0-9_.-]+$/.test(text) && text !== '.' && text !== '..';
}
