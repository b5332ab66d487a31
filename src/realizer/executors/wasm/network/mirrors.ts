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
  const mirror = mirrors.get(longest) ?? '';
  const mirrored = URL.parse(mirror + address.slice(longest.length));
  // What is asked for there is for the program to say, and not who is asked: '@' makes another host of a mirror's.
  return mirrored?.origin === URL.parse(mirror)?.origin ? (mirrored ?? url) : url;
}

function fits(url: string, prefix: string): boolean {
  if (!url.startsWith(prefix)) return false;
  const endsInHost = /^[a-z]+:\/\/[^/]*$/.test(prefix);
  return !endsInHost || url[prefix.length] === '/';
}
