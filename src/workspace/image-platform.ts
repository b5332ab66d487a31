import type { Derivation } from '../derivations/index.ts';
import type { ImagePlatform } from '../store/index.ts';

/** What systems call a processor, and what images call it. */
const processors: Readonly<Record<string, Omit<ImagePlatform, 'os'>>> = {
  x86_64: { architecture: 'amd64' },
  i686: { architecture: '386' },
  aarch64: { architecture: 'arm64' },
  armv7l: { architecture: 'arm', variant: 'v7' },
  armv6l: { architecture: 'arm', variant: 'v6' },
  riscv64: { architecture: 'riscv64' },
  powerpc64le: { architecture: 'ppc64le' },
  s390x: { architecture: 's390x' },
  loongarch64: { architecture: 'loong64' },
};

/** What is in an image without a program of any system runs, or is read, anywhere: this is what most registries and tools expect. */
const anyPlatform: ImagePlatform = { os: 'linux', architecture: 'amd64' };

/**
 * What an image of these derivations runs on: the system that building them requires, or, where they are put together from others without
 * one, that building those requires.
 */
export function imagePlatformOf(derivations: readonly Derivation[]): ImagePlatform {
  const seen = new Set<Derivation>(derivations);
  for (const derivation of seen) {
    for (const feature of derivation.requiredRealizerFeatures) {
      const platform = platformNamed(feature);
      if (platform !== undefined) return platform;
    }
    for (const input of derivation.inputs.derivations) seen.add(input.derivation);
  }
  return anyPlatform;
}

/** The platform that a feature such as `x86_64-linux` names. */
function platformNamed(feature: string): ImagePlatform | undefined {
  const [, processor = '', os = ''] = /^([a-z0-9_]+)-(linux|darwin|freebsd)$/.exec(feature) ?? [];
  const known = processors[processor];
  return known === undefined ? undefined : { os, ...known };
}

/** The platform in the words of an image, such as `linux/arm64` or `linux/arm/v7`, or undefined where the text is none. */
export function parseImagePlatform(text: string): ImagePlatform | undefined {
  const [, os = '', architecture, variant] = /^([a-z0-9]+)\/([a-z0-9]+)(?:\/([a-z0-9]+))?$/.exec(text) ?? [];
  return architecture === undefined ? undefined : { os, architecture, variant };
}
