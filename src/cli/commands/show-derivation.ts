import { canonicalJson } from '../../foundation/index.ts';
import { type Derivation, encodeDerivation, parseInstallable } from '../../workspace/index.ts';
import type { Command } from '../command.ts';
import { derivationOf } from '../derivation-of.ts';
import { argumentsOf, evaluationOptions, flag, lockModeOf, openWorkspace, overridesOf } from '../options.ts';

/** `cab show-derivation`. */
export const showDerivation: Command = {
  name: 'show-derivation',
  usage: '[INSTALLABLE]',
  summary: 'print the derivation that an installable describes, as canonical JSON',
  description: `
The text is the very encoding of which the derivation's id is the BLAKE3 hash, ended by a line feed.
With --recursive it is an object of all derivations that it needs, by id.`,
  wordsLimit: 1,
  options: {
    recursive: { type: 'boolean', description: 'also those that it needs, by id' },
    ...evaluationOptions,
  },
  async run(context, values, words) {
    const workspace = openWorkspace(context, values);
    try {
      const installable = parseInstallable(words[0] ?? '.', context.folder);
      const project = workspace.project(
        installable,
        lockModeOf(values, 'none'),
        overridesOf(values, context.folder),
      );
      const derivation = await derivationOf(project, installable, argumentsOf(values));
      const json = flag(values, 'recursive')
        ? Object.fromEntries([...closureOf(derivation)].map(([id, each]) => [id, encodeDerivation(each)]))
        : encodeDerivation(derivation);
      context.print(`${canonicalJson(json)}\n`);
    } finally {
      await workspace.close();
    }
  },
};

/** The derivation and all that it needs, by id. */
function closureOf(root: Derivation): ReadonlyMap<string, Derivation> {
  const found = new Map<string, Derivation>();
  const waiting = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next.id)) continue;
    found.set(next.id, next);
    waiting.push(...next.inputs.derivations.map(({ derivation }) => derivation));
  }
  return found;
}
