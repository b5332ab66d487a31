import type { Island } from '../../workspace/index.ts';

/** Where a person reads about an island in a browser; undefined where there is no such page. */
export function webPageOf({ type, source }: Island): string | undefined {
  if (source.kind !== 'fetched') return undefined;
  const words = source.arguments;
  switch (type) {
    case 'github':
    case 'gitlab':
    case 'codeberg':
    case 'forgejo':
    case 'sourcehut':
      return forgePage(type, words);
    case 'git':
    case 'https':
    case 'http':
      return words.find((word) => /^https?:\/\//.test(word));
    default:
      return packagePage(type, words);
  }
}

/** The page of the repository, or of the branch, tag or commit that is named. */
function forgePage(type: string, [, url = '', ref = 'HEAD']: readonly string[]): string {
  const repository = url.replace(/\.git$/, '');
  if (ref === 'HEAD') return repository;
  const name = ref.split('/').map(encodeURIComponent).join('/');
  if (type === 'github') return `${repository}/tree/${name}`;
  if (type === 'gitlab') return `${repository}/-/tree/${name}`;
  if (type === 'sourcehut') return `${repository}/tree/${name}`;
  return /^[0-9a-f]{40}$/.test(ref) ? `${repository}/src/commit/${name}` : `${repository}/src/${name}`;
}

/** The page of a package; only the registry that everybody knows is sure to have one. */
function packagePage(
  type: string,
  [, registry, name = '', version = '']: readonly string[],
): string | undefined {
  switch (`${type} ${registry}`) {
    case 'npm https://registry.npmjs.org':
      return `https://www.npmjs.com/package/${name}${version === 'latest' ? '' : `/v/${version}`}`;
    case 'crates https://index.crates.io':
      return `https://crates.io/crates/${name}/${version}`;
    case 'pypi https://pypi.org/simple':
      return `https://pypi.org/project/${name}/${version}/`;
    case 'go https://proxy.golang.org':
      return `https://pkg.go.dev/${name}@${version}`;
    case 'oci https://registry-1.docker.io':
      return name.startsWith('library/')
        ? `https://hub.docker.com/_/${name.slice('library/'.length)}`
        : `https://hub.docker.com/r/${name}`;
    default:
      return undefined;
  }
}
