import type { IslandType } from '../island.ts';
import { cab } from './cab.ts';
import { codeberg } from './codeberg.ts';
import { crates } from './crates.ts';
import { forgejo } from './forgejo.ts';
import { git } from './git.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { go } from './go.ts';
import { http, https } from './https.ts';
import { npm } from './npm.ts';
import { oci } from './oci.ts';
import { pathType } from './path.ts';
import { pypi } from './pypi.ts';
import { sourcehut } from './sourcehut.ts';

const forges = [github, gitlab, codeberg, forgejo, sourcehut];
const registries = [npm, crates, pypi, go, oci];

/** Every type of island, by its name. */
export const islandTypes: ReadonlyMap<string, IslandType> = new Map(
  [cab, git, ...forges, http, https, ...registries, pathType].map((type) => [type.name, type]),
);
