import type { IslandType } from '../island.ts';
import { cab } from './cab.ts';
import { git } from './git.ts';
import { github } from './github.ts';
import { http, https } from './https.ts';
import { pathType } from './path.ts';

/** Every type of island, by its name. */
export const islandTypes: ReadonlyMap<string, IslandType> = new Map(
  [cab, git, github, http, https, pathType].map((type) => [type.name, type]),
);
