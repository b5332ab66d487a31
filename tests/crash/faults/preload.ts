/**
 * Loaded before anything else into a process, and into each of its threads, by `--import`. Makes one operation on the disk the
 * process's last, or its unlucky one, as the plan in the environment says.
 */
import { syncBuiltinESMExports } from 'node:module';
import { wrapDatabases } from './database.ts';
import { wrapFiles } from './files.ts';
import { planOf } from './plan.ts';
import { Striker } from './strike.ts';

const striker = new Striker(planOf(process.env));
wrapFiles(striker);
wrapDatabases(striker);
syncBuiltinESMExports();
