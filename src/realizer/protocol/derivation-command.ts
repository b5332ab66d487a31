import { create } from '@bufbuild/protobuf';
import {
  type Claim,
  type Fix,
  type Pins,
  type ResolvedDerivation,
  faultOfMadeDerivation,
  formatClaim,
  makeDerivation,
  parseClaim,
  scratchPathOf,
} from '../../derivations/index.ts';
import { type StorePath, compareCodePoints } from '../../foundation/index.ts';
import {
  type Command,
  CommandSchema,
} from './generated/build/bazel/remote/execution/v2/remote_execution_pb.js';

/** A resolved derivation with the pins that its program is to be held to. */
export interface PinnedDerivation {
  readonly derivation: ResolvedDerivation;
  readonly pins: Pins;
}

/** Where a program of Cab finds itself, below the input root. */
const workingDirectory = 'build';

/**
 * A derivation as a command of the Remote Execution API. What the API has no field for is in platform properties: `cab-name`,
 * `cab-output` and `cab-feature` (each), `cab-fix` (`none`, `self` or `fixed`), `cab-fixed` and `cab-pin` (each `format:value`).
 * Inputs are not in it: they are the input root, or stand beside it.
 */
export function commandOf({ derivation, pins }: PinnedDerivation): Command {
  const { fix } = derivation;
  const properties: [string, string][] = [
    ['cab-name', derivation.name],
    ['cab-fix', fix.kind],
    ...derivation.outputs.map((output): [string, string] => ['cab-output', output]),
    ...derivation.requiredRealizerFeatures.map((feature): [string, string] => ['cab-feature', feature]),
    ...formatPinList(fix.kind === 'fixed' ? fix.pins : {}).map((claim): [string, string] => [
      'cab-fixed',
      claim,
    ]),
    ...formatPinList(pins).map((claim): [string, string] => ['cab-pin', claim]),
  ];
  return create(CommandSchema, {
    arguments: [derivation.builder, ...derivation.arguments],
    environmentVariables: Object.entries(derivation.environment)
      .map(([name, value]) => ({ name, value }))
      .toSorted((a, b) => compareCodePoints(a.name, b.name)),
    platform: {
      properties: properties
        .toSorted(([a, x], [b, y]) => compareCodePoints(a, b) || compareCodePoints(x, y))
        .map(([name, value]) => ({ name, value })),
    },
    workingDirectory,
    outputPaths: derivation.outputs
      .map((output) => scratchPathOf(derivation, output).slice(1))
      .toSorted(compareCodePoints),
  });
}

/** Whether a command is a derivation of Cab's. */
export function isDerivation({ platform }: Command): boolean {
  return platform?.properties.some(({ name }) => name === 'cab-name') ?? false;
}

export type DecodedDerivation =
  | { readonly ok: true; readonly value: PinnedDerivation }
  /** Why it is none, as a phrase. */
  | { readonly ok: false; readonly fault: string };

/** The derivation that a command stands for, with the store paths of its inputs. */
export function derivationOf(command: Command, inputs: readonly StorePath[]): DecodedDerivation {
  const properties = Map.groupBy(command.platform?.properties ?? [], ({ name }) => name);
  const valuesOf = (name: string): string[] => (properties.get(name) ?? []).map(({ value }) => value);
  const [builder, ...words] = command.arguments;
  const [name] = valuesOf('cab-name');
  if (builder === undefined || name === undefined)
    return { ok: false, fault: 'it has no builder or no name' };
  const [fixed, pins] = [pinsOf(valuesOf('cab-fixed')), pinsOf(valuesOf('cab-pin'))];
  if (fixed === undefined || pins === undefined)
    return { ok: false, fault: 'a pin is not of the form format:value' };
  const fix = fixOf(valuesOf('cab-fix')[0], fixed);
  if (fix === undefined) return { ok: false, fault: "its 'cab-fix' is none of none, self and fixed" };
  const parts = {
    name,
    builder,
    arguments: words,
    environment: Object.fromEntries(command.environmentVariables.map((each) => [each.name, each.value])),
    inputs: { derivations: [], trees: inputs },
    outputs: valuesOf('cab-output'),
    requiredRealizerFeatures: valuesOf('cab-feature'),
    fix,
  };
  const fault = faultOfMadeDerivation(parts);
  if (fault !== undefined) return { ok: false, fault };
  return { ok: true, value: { derivation: makeDerivation(parts) as ResolvedDerivation, pins } };
}

/** Pins as texts, each `format:value`. */
export function formatPinList(pins: Pins): string[] {
  return Object.entries(pins).map(([format, value]) => formatClaim({ format, value }));
}

/** Values by format, of claims as texts; undefined where one is no claim, or a format is there twice. */
export function pinsOf(claims: readonly string[]): Pins | undefined {
  const parsed = claims.map(parseClaim);
  if (!parsed.every((claim): claim is Claim => claim !== undefined)) return undefined;
  const pins = Object.fromEntries(parsed.map(({ format, value }) => [format, value]));
  return Object.keys(pins).length === parsed.length ? pins : undefined;
}

function fixOf(kind: string | undefined, pins: Pins): Fix | undefined {
  if (kind === 'fixed') return { kind, pins };
  return kind === 'none' || kind === 'self' ? { kind } : undefined;
}
