import { build } from './command.ts';
import { maintenance } from './maintenance.ts';
import { storePrograms } from './programs.ts';
import { isLong } from '../tally.ts';
import { type Scenario, storeScenario } from './scenario.ts';

/** Everything in which a process is struck. */
export const scenarios: readonly Scenario[] = [...storePrograms.map(storeScenario), build, ...maintenance];

/** Those with which the short form goes beyond killing: the others take a second and more to begin with. */
export const usualScenarios = isLong ? scenarios : scenarios.filter((each) => !maintenance.includes(each));
