import { writeJson } from '../../json-output.ts';
import { displayWhole } from '../display.ts';
import { typeText } from '../type-text.ts';
import type { ReplCommand } from './command.ts';
import { valueFor } from './value-for.ts';

/** `:type` */
export const typeCommand: ReplCommand = {
  name: 'type',
  short: 't',
  usage: 'e',
  summary: "an expression's type, as its structure tells it",
  completes: 'expression',
  async run(session, argument) {
    const value = await valueFor(session, typeCommand, argument);
    session.print(`${typeText(session.project, session.paper, value)}\n`);
  },
};

/** `:print` */
export const printCommand: ReplCommand = {
  name: 'print',
  short: 'p',
  usage: 'e',
  summary: 'all of a value, however much that is',
  completes: 'expression',
  async run(session, argument) {
    const { project, paper } = session;
    const value = await valueFor(session, printCommand, argument);
    const text = await project.evaluate((evaluator) => {
      evaluator.forceDeep(value);
      return evaluator.attempt(() => displayWhole(evaluator, paper, value));
    });
    session.print(`${text}\n`);
  },
};

/** `:json` */
export const jsonCommand: ReplCommand = {
  name: 'json',
  short: 'j',
  usage: 'e',
  summary: 'all of a value as JSON',
  completes: 'expression',
  async run(session, argument) {
    const value = await valueFor(session, jsonCommand, argument);
    await session.project.evaluate((evaluator) => {
      const json = evaluator.toJson(value);
      evaluator.attempt(() => writeJson(json, (piece) => session.print(piece)));
    });
  },
};
