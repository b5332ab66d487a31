import { forgeType, isForgeName, joinPath, splitPath } from './forge.ts';

/** `<forgejo:git.example.org/owner/repository>`: Forgejo or Gitea, wherever it is. */
export const forgejo = forgeType({
  name: 'forgejo',
  form: 'forgejo:HOST/OWNER/REPOSITORY[/REF]',
  example: 'forgejo:git.example.org/owner/repository',
  host: undefined,
  hasOtherHosts: true,
  split(text) {
    const [host = '', ...path] = text.split('/');
    return { host, ...splitPath(path.join('/')) };
  },
  join: ({ host, ...parts }) => `${host ?? ''}/${joinPath({ host: undefined, ...parts })}`,
  isOwner: isForgeName,
  suffix: '.git',
});
