import { forgeType, isForgeName } from './forge.ts';
import { printQuery } from './options.ts';

/**
 * `<gitlab:group/sub/project?ref=v1.0>`. Groups lie in one another to any depth, so that a ref behind them could not be told from
 * a project: it always stands behind `?`.
 */
export const gitlab = forgeType({
  name: 'gitlab',
  form: 'gitlab:GROUP[/GROUP…]/PROJECT[?ref=REF]',
  example: 'gitlab:gitlab-org/gitlab',
  host: 'gitlab.com',
  hasOtherHosts: true,
  split(text) {
    const at = text.lastIndexOf('/');
    return { owner: text.slice(0, Math.max(at, 0)), repository: text.slice(at + 1) };
  },
  join: ({ host, owner, repository, ref, submodules }) =>
    `${owner}/${repository}${printQuery({ host, ref, submodules })}`,
  /** A `-` among the groups comes from the address of a page. */
  isOwner: (owner) => owner.split('/').every((group) => isForgeName(group) && !group.startsWith('-')),
  suffix: '.git',
});
