import { forgeType, isForgeName, joinPath, splitPath } from './forge.ts';

/** `<codeberg:forgejo/forgejo>`; the same software at other hosts is `forgejo`. */
export const codeberg = forgeType({
  name: 'codeberg',
  form: 'codeberg:OWNER/REPOSITORY[/REF]',
  example: 'codeberg:forgejo/forgejo',
  host: 'codeberg.org',
  hasOtherHosts: false,
  split: splitPath,
  join: joinPath,
  isOwner: isForgeName,
  suffix: '.git',
});
