import { forgeType, isForgeName, joinPath, splitPath } from './forge.ts';

/** `<sourcehut:~sircmpwn/scdoc>`. */
export const sourcehut = forgeType({
  name: 'sourcehut',
  form: 'sourcehut:~OWNER/REPOSITORY[/REF]',
  example: 'sourcehut:~sircmpwn/scdoc',
  host: 'git.sr.ht',
  hasOtherHosts: true,
  split: splitPath,
  join: joinPath,
  isOwner: (owner) => owner.startsWith('~') && isForgeName(owner.slice(1)),
  suffix: '',
});
