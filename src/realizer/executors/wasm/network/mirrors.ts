import { shownUrl } from './request-head.ts';

/**
 * The URL to connect to for one that is asked for: what stands in the place of the longest prefix that fits. One without
 * a path stands for the whole host, so that `https://example.org` says nothing about `https://example.org.net`.
 */
export function mirroredUrl(url: URL, mirrors: ReadonlyMap<string, string>): URL {
  const address = shownUrl(url);
  let longest: string | undefined;
  for (const prefix of mirrors.keys()) {
    if (fits(address, prefix) && prefix.length > (longest?.length ?? -1)) longest = prefix;
  }
  if (longest === undefined) return url;
  const mirrored = URL.parse((mirrors.get(longest) ?? '') + address.slice(longest.length));
  return mirrored ?? url;
}

function fits(url: string, prefix: string): boolean {
  if (!url.startsWith(prefix)) return false;
  const endsInHost = /^[a-z]+:\/\/[^/]*$/.test(prefix);
  return !endsInHost || url[prefix.length] === '/';
}
