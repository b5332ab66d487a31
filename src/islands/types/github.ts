import { forgeType, isForgeName, joinPath, splitPath } from './forge.ts';

/** `<github:cull-os/cab>`, `<github:cull-os/cab/v1.0>`. */
export const github = forgeType({
  name: 'github',
  form: 'github:OWNER/REPOSITORY[/REF]',
  example: 'github:cull-os/cab',
  host: 'github.com',
  hasOtherHosts: true,
  split: splitPath,
  join: joinPath,
  isOwner: isForgeName,
  suffix: '.git',
});
