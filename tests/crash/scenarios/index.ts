import { build } from './command.ts';
import { maintenance } from './maintenance.ts';
import { storePrograms } from './programs.ts';
import { type Scenario, storeScenario } from './scenario.ts';

/** Everything in which a process is struck. */
export const scenarios: readonly Scenario[] = [...storePrograms.map(storeScenario), build, ...maintenance];
