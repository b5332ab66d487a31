import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Files, hashOf, runTool, writeFiles } from './packages.ts';

export interface NpmRegistry {
  /** What is served. */
  readonly folder: string;
  /** Where it is served. */
  readonly url: string;
  readonly name: string;
}

export interface NpmPublication {
  readonly version: string;
  readonly files: Files;
  readonly tags?: readonly string[];
  /** Leaves out what registries had no time to add to old packages. */
  readonly old?: boolean;
  /** Whether it says a weaker digest too, before the strong one. */
  readonly weak?: boolean;
  /** Whether the version has a document of its own. */
  readonly single?: boolean;
}

/** Packs packages with npm itself, and lays out what a registry says of them. */
export async function publishNpm(
  registry: NpmRegistry,
  publications: readonly NpmPublication[],
  scratch: string,
): Promise<void> {
  const { name } = registry;
  const place = path.join(registry.folder, name);
  await mkdir(path.join(place, '-'), { recursive: true });
  const versions: Record<string, object> = {};
  const tags: Record<string, string> = {};
  for (const publication of publications) {
    const { version } = publication;
    const source = path.join(scratch, version);
    await writeFiles(source, {
      'package.json': JSON.stringify({ name, version, bin: { tool: 'bin/tool.js' } }),
      ...publication.files,
    });
    const words = ['pack', '--ignore-scripts', '--json', '--pack-destination', path.join(place, '-')];
    const packed = JSON.parse(await runTool('npm', words, source)) as readonly {
      readonly filename: string;
    }[];
    const file = (packed[0]?.filename ?? '').replace('@', '').replace('/', '-');
    const content = await readFile(path.join(place, '-', file));
    const dist = {
      shasum: hashOf('sha1', 'hex', content),
      tarball: `${registry.url}/${name}/-/${file}`,
      ...(publication.old !== true && { integrity: integrityOf(content, publication.weak === true) }),
    };
    versions[version] = { name, version, description: 'quotes " and \\ and {braces}', dist };
    for (const tag of publication.tags ?? []) tags[tag] = version;
    if (publication.single !== true) continue;
    for (const word of [version, ...(publication.tags ?? [])]) {
      await writeFile(path.join(place, word), JSON.stringify(versions[version]));
    }
  }
  const all = { name, 'dist-tags': tags, modified: '2020-01-01T00:00:00.000Z', versions };
  await writeFile(path.join(place, 'index.json'), JSON.stringify(all, undefined, 2));
}

function integrityOf(content: Uint8Array, weak: boolean): string {
  const weaker = weak ? `sha1-${hashOf('sha1', 'base64', content)} ` : '';
  return `${weaker}sha512-${hashOf('sha512', 'base64', content)}`;
}
