import { collectionByUse } from './collection-by-use.ts';
import { exchange } from './exchange.ts';
import { ingest } from './ingest.ts';
import { local } from './local.ts';
import { locks } from './locks.ts';
import { logs } from './logs.ts';
import { materialise } from './materialise.ts';
import { migrationFrom } from './migration.ts';
import { output } from './output.ts';
import type { StoreProgram } from './scenario.ts';

/** The scenarios that go through the store's door. */
export const storePrograms: readonly StoreProgram[] = [
  ingest,
  exchange,
  collectionByUse,
  local,
  output,
  materialise,
  logs,
  locks,
  migrationFrom(1),
  migrationFrom(2),
  migrationFrom(3),
];
