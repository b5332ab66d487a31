import path from 'node:path';
import type { StorePath } from '../foundation/index.ts';
import {
  type Derivation,
  type Outputs,
  type Workspace,
  imagePlatformOf,
  parseImagePlatform,
} from '../workspace/index.ts';
import { refuseTerminal, standardOutput, writeBytes } from './byte-output.ts';
import type { CommandContext, Option, OptionValues } from './command.ts';
import { UsageError, flag, text } from './options.ts';

/** The options of `cab build` that are about images. */
export const imageOptions: Readonly<Record<string, Option>> = {
  oci: {
    type: 'string',
    placeholder: 'FILE',
    description:
      'write the result, and all that it needs, as a container image: a .tar file, or - for the standard output',
  },
  'oci-platform': {
    type: 'string',
    placeholder: 'OS/ARCHITECTURE',
    description: 'what the image runs on, if it is not what it was built for',
  },
};

/** @throws UsageError where the options for an image do not fit, before anything is built. */
export function checkImageOptions(values: OptionValues): void {
  const file = text(values, 'oci');
  const platform = text(values, 'oci-platform');
  if (platform !== undefined && file === undefined) throw new UsageError('--oci-platform is for --oci');
  if (platform !== undefined && parseImagePlatform(platform) === undefined)
    throw new UsageError(`'${platform}' is no platform`, 'such as linux/amd64, linux/arm64 or linux/arm/v7');
  if (file === undefined) return;
  if (file === standardOutput && (flag(values, 'json') || flag(values, 'print-path')))
    throw new UsageError('--oci - and --json or --print-path both want the standard output');
  if (file !== standardOutput && !file.endsWith('.tar'))
    throw new UsageError(
      `--oci writes a tar archive, and '${file}' does not end with .tar`,
      '- is the standard output',
    );
  refuseTerminal(file, 'name a .tar file, or send it on with |');
}

interface BuiltDerivation {
  readonly derivation: Derivation;
  readonly outputs: Outputs;
}

/** Writes the image that `--oci` asks for, of all that was built. */
export async function writeImage(
  context: CommandContext,
  workspace: Workspace,
  values: OptionValues,
  built: readonly BuiltDerivation[],
): Promise<void> {
  const file = text(values, 'oci');
  if (file === undefined) return;
  const asked = built.flatMap(({ outputs }) => outputPaths(outputs));
  const platform =
    parseImagePlatform(text(values, 'oci-platform') ?? '') ??
    imagePlatformOf(built.map(({ derivation }) => derivation));
  const target = file === standardOutput ? file : path.resolve(context.folder, file);
  await context.interruptible(() => writeBytes(context, workspace.store.ociImage(asked, platform), target));
}

/** `out` gives the image its name, and comes first. */
function outputPaths(outputs: Outputs): readonly StorePath[] {
  const { out, ...others } = outputs;
  return [...(out === undefined ? [] : [out]), ...Object.values(others)];
}
