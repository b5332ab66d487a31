import { DiagnosticError } from '../../diagnostics/index.ts';
import {
  type Derivation,
  checkNamedIslands,
  derivationsIn,
  parseInstallable,
} from '../../workspace/index.ts';
import type { Command } from '../command.ts';
import { argumentsOf, evaluationOptions, islandKey, lockModeOf, openWorkspace } from '../options.ts';

/** `cab update`. */
export const update: Command = {
  name: 'update',
  usage: '[ISLAND…]',
  summary: 'ask the origins of islands again, and move their pins',
  description: `
Asks the origin of each named island, or of all, what it has now, and writes that into cab.lock of the project in this
folder. An island that has moved is fetched; nothing is built. Without names, islands that the project neither needs
nor names in its files leave the lock.`,
  options: {
    project: {
      type: 'string',
      placeholder: 'PATH',
      description: 'the project, if not the one in this folder',
    },
    argument: evaluationOptions.argument as NonNullable<typeof evaluationOptions.argument>,
    realizer: evaluationOptions.realizer as NonNullable<typeof evaluationOptions.realizer>,
  },
  async run(context, values, words) {
    const keys = new Set(words.map(islandKey));
    const workspace = openWorkspace(context, values);
    try {
      const place = typeof values.project === 'string' ? values.project : '.';
      const installable = parseInstallable(place, context.folder);
      const mode = lockModeOf(values, keys.size === 0 ? 'all' : keys);
      const project = workspace.project(installable, mode, new Map());
      const value = await project.value(argumentsOf(values), installable.attributes);
      const found = await project.evaluate((evaluator) => derivationsIn(evaluator, value));
      const fixing = selfFixing(found.derivations).filter(
        (derivation) => keys.size === 0 || keys.has(project.lock.keyOf(derivation)),
      );
      checkNamedIslands([project]);
      // What could not be evaluated, or was not looked at, may need what nothing else does.
      const wasWhole = found.failures.length === 0 && installable.attributes.length === 0;
      try {
        await project.realize(fixing, 'anywhere');
      } finally {
        await project.save({ dropUnused: keys.size === 0 && wasWhole });
      }
      if (found.failures.length > 0) throw new DiagnosticError(found.failures);
    } finally {
      await workspace.close();
    }
  },
};

/** Those of the derivations and of their inputs that fix themselves. */
function selfFixing(derivations: readonly Derivation[]): readonly Derivation[] {
  const seen = new Set<string>();
  const found: Derivation[] = [];
  const waiting = [...derivations];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next.id)) continue;
    seen.add(next.id);
    if (next.fix.kind === 'self') found.push(next);
    waiting.push(...next.inputs.derivations.map(({ derivation }) => derivation));
  }
  return found;
}
