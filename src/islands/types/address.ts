import type { IslandFault } from '../island.ts';

/** What an address must not hold: it would end up in the lock, in derivations and in messages. */
export const credentialsFault: IslandFault = {
  ok: false,
  fault: 'its address holds a user name or password, which would end up in the lock',
  hint: 'name them in the configuration, under [credentials]: they go to no other host then',
};

export function hasCredentials(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}

/** The address of a registry as its island's key has it: without a slash at its end. */
export function registryAddress(text: string): { readonly ok: true; readonly address: string } | IslandFault {
  if (hasCredentials(text)) return credentialsFault;
  const url = /^https?:\/\/[^/]/.test(text) ? URL.parse(text) : null;
  if (url === null || url.search !== '' || url.hash !== '') {
    return {
      ok: false,
      fault: `'${text}' is not the http or https address of a registry`,
      hint: "an address looks like 'https://registry.example.org'",
    };
  }
  return { ok: true, address: url.href.replace(/\/+$/, '') };
}

/** A host as URLs have it, such as `git.example.org` or `localhost:3000`; undefined where the text is none. */
export function hostOf(text: string): string | undefined {
  const host = text.toLowerCase();
  const isName =
    /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$/.test(host) && URL.canParse(`https://${host}/`);
  return isName && (/[.:]/.test(host) || host === 'localhost') ? host : undefined;
}
