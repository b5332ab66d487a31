import { toStoreName } from '../../foundation/index.ts';
import type { IslandFault, IslandType } from '../island.ts';
import { hostOf, registryAddress } from './address.ts';
import { type Options, type OptionsResult, faultOfOptions, printQuery, splitQuery } from './options.ts';

const dockerHub = 'https://registry-1.docker.io';
const dockerHubNames = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];

/** Evaluation knows no system, so it cannot be the platform's source. */
const defaultPlatform = 'linux/amd64';

/**
 * `<oci:debian/bookworm-slim>`, `<oci:ghcr.io/owner/name/tag>`, `<oci:debian@sha256:…>`: the files of a container image. The last
 * part, or what stands behind `:` or `@`, is the tag or digest; the first is the registry if it looks like a host.
 */
export const oci: IslandType = {
  name: 'oci',
  form: 'oci:[REGISTRY/]REPOSITORY/TAG[?platform=OS/ARCHITECTURE]',
  options: ['registry', 'repository', 'reference', 'platform'],
  parse(body, subtree) {
    const read = typeof body === 'string' ? readText(body) : { ok: true as const, options: body };
    if (!read.ok) return read;
    const form = "a repository and a tag or digest, as in 'oci:debian/bookworm-slim'";
    const fault = faultOfOptions(read.options, ['repository', 'reference'], form);
    if (fault !== undefined) return fault;
    const image = imageOf(read.options);
    if ('ok' in image) return image;
    const { registry, repository, reference, platform } = image;
    const last = repository.split('/').at(-1) ?? '';
    return {
      ok: true,
      island: {
        name: toStoreName(isDigest(reference) ? last : `${last}-${reference}`),
        body: bodyOf(image),
        source: { kind: 'fetched', arguments: ['oci', registry, repository, reference, platform, subtree] },
      },
    };
  },
};

interface Image {
  readonly registry: string;
  readonly repository: string;
  readonly reference: string;
  readonly platform: string;
}

/** Options of which it is known that their kinds are right, and that what is required is there. */
type ImageOptions = Pick<Image, 'repository' | 'reference'> & Partial<Image>;

function readText(text: string): OptionsResult {
  const split = splitQuery(text, ['registry', 'platform']);
  if (!split.ok) return split;
  const { path, reference } = splitReference(split.main);
  const [first = '', ...rest] = path.split('/');
  const host = rest.length > 0 && split.options.registry === undefined ? hostOf(first) : undefined;
  return {
    ok: true,
    options: {
      ...(host !== undefined && { registry: `https://${host}` }),
      repository: host === undefined ? path : rest.join('/'),
      ...(reference !== undefined && { reference }),
      ...split.options,
    },
  };
}

/** As other tools have it, `name:tag` and `name:tag@digest`, of which the digest counts; and `name/tag`. */
function splitReference(text: string): { readonly path: string; readonly reference?: string } {
  const digest = /^([^@]*)@(.*)$/s.exec(text) ?? /^(.*)\/(sha256:.*)$/s.exec(text);
  const tagged = /^(.*):([^/:]*)$/s.exec(digest?.[1] ?? text);
  if (digest !== null) return { path: tagged?.[1] ?? (digest[1] as string), reference: digest[2] as string };
  if (tagged !== null) return { path: tagged[1] as string, reference: tagged[2] as string };
  const at = text.lastIndexOf('/');
  return at === -1 ? { path: text } : { path: text.slice(0, at), reference: text.slice(at + 1) };
}

function imageOf(options: Options): Image | IslandFault {
  const {
    registry: address = dockerHub,
    repository: named,
    reference,
    platform = defaultPlatform,
  } = options as ImageOptions;
  const place = registryAddress(addressOf(address));
  if (!place.ok) return place;
  const registry = place.address;
  const repository = registry === dockerHub && !named.includes('/') ? `library/${named}` : named;
  if (!/^[a-z0-9]+((\.|__?|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|__?|-+)[a-z0-9]+)*)*$/.test(repository)) {
    const hint = "a repository's name has lower-case letters, digits, and '.', '_' and '-' between them";
    return { ok: false, fault: `'${named}' cannot be the name of a repository`, hint };
  }
  if (!isDigest(reference) && !/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(reference)) {
    const hint = "a digest is 'sha256:' and 64 hexadecimal digits";
    return { ok: false, fault: `'${reference}' is neither a tag nor a digest`, hint };
  }
  if (!/^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9]+)?$/.test(platform)) {
    const hint = `a platform has the form OS/ARCHITECTURE, such as ${defaultPlatform}`;
    return { ok: false, fault: `'${platform}' is not a platform`, hint };
  }
  return { registry, repository, reference, platform };
}

/** A registry's address, for one that was named by its address or by its host. */
function addressOf(registry: string): string {
  const host = hostOf(registry) ?? URL.parse(registry)?.host;
  if (host !== undefined && dockerHubNames.includes(host)) return dockerHub;
  return hostOf(registry) === undefined ? registry : `https://${hostOf(registry)}`;
}

function bodyOf({ registry, repository, reference, platform }: Image): string {
  const host = registry.startsWith('https://') ? hostOf(registry.slice('https://'.length)) : undefined;
  const isHub = registry === dockerHub;
  const path = isHub ? repository.replace(/^library\/(?=[^/]+$)/, '') : repository;
  const query = printQuery({
    registry: host === undefined ? registry : undefined,
    platform: platform === defaultPlatform ? undefined : platform,
  });
  // A repository of the hub whose first part looks like a host is told from one by its registry's name.
  const prefix =
    host === undefined ? '' : isHub && !startsWithHost(path) ? '' : `${isHub ? 'docker.io' : host}/`;
  return `${prefix}${path}${isDigest(reference) ? '@' : '/'}${reference}${query}`;
}

function startsWithHost(path: string): boolean {
  const [first = '', ...rest] = path.split('/');
  return rest.length > 0 && hostOf(first) !== undefined;
}

function isDigest(reference: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(reference);
}
