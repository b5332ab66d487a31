import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeTemporaryFolder, removeFolder } from '../../tests/support/index.ts';
import { type Contender, printGoal } from '../measure.ts';
import { StoreBench } from './rig.ts';

/** How the derivations of a bar hang together: each on the one before, or a hundred each below one more, and one below those. */
export type Shape = 'chain' | 'independent';

// One that names thousands of others itself would need more room than the system gives one argument.
const cabGrouped = `step (join " " (map (group =>
    "\\(step (join " " (map (number => "\\(step "" (100 * group + number))") (range 1 100))) (0 - group))")
  (range 1 (toInteger count / 100)))) 0`;

const nixGrouped = `step (builtins.concatStringsSep " " (builtins.genList (group:
    "\${step (builtins.concatStringsSep " " (builtins.genList (number: "\${step "" (100 * group + number + 1)}") 100)) (0 - group - 1)}")
  (count / 100))) 0`;

/** Derivations of the shell, which write their number. The count is the argument `count`. */
const cabShell = (shape: Shape): string => `{ count, } => let
  step = before => number => derivation {
    name                     = "step-\\(toString number)",
    builder                  = "/bin/sh",
    arguments                = [ "-c", "echo \\(toString number) > $out", ],
    environment              = { before, },
    requiredRealizerFeatures = [ "x86_64-linux", "host-tools", ],
  },
  numbers = range 1 (toInteger count),
in ${shape === 'chain' ? 'foldLeft step "" numbers' : cabGrouped}
`;

const nixShell = (shape: Shape): string => `{ count }: let
  step = before: number: derivation {
    name = "step-\${toString number}";
    system = builtins.currentSystem;
    builder = "/bin/sh";
    args = [ "-c" "echo \${toString number} > $out" ];
    inherit before;
  };
  numbers = builtins.genList (index: index + 1) count;
in ${shape === 'chain' ? `builtins.foldl' step "" numbers` : nixGrouped}
`;

/** Groups of a hundred derivations each, and one below all of them, by a program that writes a text. */
const cabGroups = `{ count, } => let
  make = name => content => derivation {
    name,
    builder                  = <cab:programs>/text.wasm,
    arguments                = [ "write", "0", ],
    environment              = { text = content, },
    requiredRealizerFeatures = [ "wasm", ],
  },
  step = number => make "step-\\(toString number)" "\\(toString number)\\n",
  textOf = make => numbers => join "\\n" (map (number => "\\(make number)") numbers),
  group = number => make "group-\\(toString number)" (textOf step (range (100 * number + 1) (100 * number + 100))),
in make "all" (textOf group (range 1 (toInteger count / 100)))
`;

const nixGroups = `{ count }: let
  make = name: content: derivation {
    inherit name;
    system = builtins.currentSystem;
    builder = "/bin/sh";
    args = [ "-c" "echo \\"$text\\" > $out" ];
    text = content;
  };
  step = number: make "step-\${toString number}" "\${toString number}\\n";
  textOf = make: first: count: builtins.concatStringsSep "\\n" (builtins.genList (index: "\${make (first + index)}") count);
  group = number: make "group-\${toString number}" (textOf step (100 * number + 1) 100);
in make "all" (textOf group 1 (count / 100))
`;

const expressions = {
  'chain.cab': cabShell('chain'),
  'chain.nix': nixShell('chain'),
  'independent.cab': cabShell('independent'),
  'independent.nix': nixShell('independent'),
  'groups.cab': cabGroups,
  'groups.nix': nixGroups,
};

/** A folder with the expressions, and commands that evaluate and build them. */
export class StepsBench extends StoreBench {
  /** Builds, or describes, so many of the derivations of an expression. */
  cabSteps(
    name: string,
    words: readonly string[],
    shape: string,
    count: number,
    prepare?: () => Promise<void>,
  ): Contender {
    return this.cab(name, [...words, `${shape}.cab`, '--argument', `count=${count}`], prepare);
  }

  /**
   * The same by nix, in a store of its own. Its sandbox would put an empty disk over a store below `/dev/shm`: so the store has its usual
   * name, and a root of its own.
   */
  nixSteps(
    name: string,
    words: readonly string[],
    shape: string,
    count: number,
    prepare?: () => Promise<void>,
  ): Contender {
    const [program = 'nix-build', ...options] = words;
    const contender: Contender = {
      name,
      program,
      args: [...options, `${shape}.nix`, '--arg', 'count', String(count)],
      folder: this.folder,
      environment: {
        ...this.environment,
        NIX_REMOTE: path.join(this.folder, 'nix'),
        NIX_CONFIG: nixConfiguration,
      },
    };
    return prepare === undefined ? contender : { ...contender, prepare };
  }
}

/** With as many builds at once as Cab has, and of the machine no more than a shell needs. */
const nixConfiguration = [
  'sandbox = true',
  'sandbox-fallback = false',
  'sandbox-paths = /bin/sh /lib /lib64 /usr/lib',
  'build-users-group =',
  'substitute = false',
  'max-jobs = auto',
].join('\n');

export async function withSteps(measure: (bench: StepsBench) => Promise<void>): Promise<void> {
  const folder = await makeTemporaryFolder();
  try {
    for (const [name, text] of Object.entries(expressions)) writeFileSync(path.join(folder, name), text);
    await measure(new StepsBench('temporary', folder));
  } finally {
    await removeFolder(folder);
  }
}

export const milliseconds = (value: number): string => `${value.toFixed(0)} ms`;

/** Prints how many a second there were, which are to be at least so many. */
export function printRate(what: string, rate: number, goal: number): void {
  printGoal(`${what}: ${rate.toFixed(0)} a second; milliseconds each`, 1000 / rate, 1000 / goal, (value) =>
    value.toFixed(2),
  );
}
