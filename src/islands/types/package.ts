import { toStoreName } from '../../foundation/index.ts';
import type { IslandParse, IslandType } from '../island.ts';
import { registryAddress } from './address.ts';
import { type Options, type OptionsResult, faultOfOptions, printQuery, splitQuery } from './options.ts';

export interface PackageText {
  readonly package: string;
  readonly version?: string;
}

/** What tells one registry of packages from another. */
export interface PackageRegistry {
  readonly name: string;
  readonly form: string;
  /** An island of it, for messages. */
  readonly example: string;
  /** What its users call a package, and the place where packages are: names of options. */
  readonly words: { readonly package: string; readonly registry: string };
  /** The registry that is meant where none is named. */
  readonly registry: string;
  /** The version that is meant where none is named; undefined where one has to be. */
  readonly version: string | undefined;
  /** What stands between a package and a version; a slash where nothing is said. */
  readonly separator?: (version: string) => string;
  /** The package and the version in a text such as `serde/1.0.2`. */
  readonly split: (text: string) => PackageText;
  /** The one way to write a package's name, or undefined where it cannot be the name of one. */
  readonly nameOf: (text: string) => string | undefined;
  readonly isVersion: (text: string) => boolean;
}

/** The type of island that a registry's packages are. */
export function packageType(registry: PackageRegistry): IslandType {
  const { words } = registry;
  return {
    name: registry.name,
    form: registry.form,
    options: [words.package, 'version', words.registry],
    parse(body, subtree) {
      const read = typeof body === 'string' ? readText(registry, body) : { ok: true as const, options: body };
      return read.ok ? islandOf(registry, read.options, subtree) : read;
    },
  };
}

/** `NAME/VERSION` or `NAME@VERSION`, of a name in which there is neither; the version may be missing. */
export function splitVersion(text: string): PackageText {
  const match = /^([^/@]*)[/@](.*)$/s.exec(text);
  return match === null ? { package: text } : { package: match[1] as string, version: match[2] as string };
}

function readText({ words, split: splitText }: PackageRegistry, text: string): OptionsResult {
  const query = splitQuery(text, [words.registry]);
  if (!query.ok) return query;
  const { package: name, version } = splitText(query.main);
  return {
    ok: true,
    options: { [words.package]: name, ...(version !== undefined && { version }), ...query.options },
  };
}

function islandOf(registry: PackageRegistry, options: Options, subtree: string): IslandParse {
  const { words } = registry;
  const required = [words.package, ...(registry.version === undefined ? ['version'] : [])];
  const form = `a ${words.package}${registry.version === undefined ? ' and a version' : ''}, as in '${registry.example}'`;
  const fault = faultOfOptions(options, required, form);
  if (fault !== undefined) return fault;
  const written = options[words.package] as string;
  const name = registry.nameOf(written);
  if (name === undefined)
    return { ok: false, fault: `'${written}' cannot be the name of a ${words.package}` };
  const version = (options.version ?? registry.version) as string;
  if (!registry.isVersion(version)) {
    return {
      ok: false,
      fault: `'${version}' is not a version`,
      hint: `ranges are not resolved: name one version, as in <${registry.example}>`,
    };
  }
  const place = registryAddress((options[words.registry] ?? registry.registry) as string);
  if (!place.ok) return place;
  const other = place.address === registry.registry ? undefined : place.address;
  const isDefault = version === registry.version;
  return {
    ok: true,
    island: {
      name: toStoreName(isDefault ? name : `${name}-${version}`),
      body:
        name +
        (isDefault ? '' : (registry.separator?.(version) ?? '/') + version) +
        printQuery({ [words.registry]: other }),
      source: { kind: 'fetched', arguments: [registry.name, place.address, name, version, subtree] },
    },
  };
}
