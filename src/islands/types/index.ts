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

/** Every type of island, by its name. */
export const islandTypes: ReadonlyMap<string, IslandType> = new Map(
  [
    cab,
    git,
    github,
    gitlab,
    codeberg,
    forgejo,
    sourcehut,
    http,
    https,
    npm,
    crates,
    pypi,
    go,
    oci,
    pathType,
  ].map((type) => [type.name, type]),
);
