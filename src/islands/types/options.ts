import { didYouMean } from '../../diagnostics/index.ts';
import type { IslandBody, IslandFault } from '../island.ts';

/** The named options of an island, whether they were written as such or as text. */
export type Options = Exclude<IslandBody, string>;

export type OptionsResult = { readonly ok: true; readonly options: Options } | IslandFault;

/** The options that are true or false; all others are texts. */
const flags = new Set(['submodules']);

/** The text before `?`, and the options behind it: `cull-os/cab?ref=main&submodules=true`. */
export function splitQuery(
  text: string,
  known: readonly string[],
): { readonly ok: true; readonly main: string; readonly options: Options } | IslandFault {
  const at = text.indexOf('?');
  if (at === -1) return { ok: true, main: text, options: {} };
  const options: Record<string, string | boolean> = {};
  for (const part of text.slice(at + 1).split('&')) {
    const [name = '', ...rest] = part.split('=');
    const value = decode(rest.join('='));
    if (!known.includes(name) || rest.length === 0 || value === undefined) {
      const hint = didYouMean(name, known) ?? `behind '?' may stand ${known.join(', ')}, each with its value`;
      return { ok: false, fault: `there is no option '${part}' for what stands behind '?'`, hint };
    }
    if (Object.hasOwn(options, name)) return { ok: false, fault: `its '${name}' is given twice` };
    options[name] = flags.has(name) && (value === 'true' || value === 'false') ? value === 'true' : value;
  }
  return { ok: true, main: text.slice(0, at), options };
}

/** What `splitQuery` reads; options without a value, and flags that are not set, are left out. */
export function printQuery(options: Readonly<Record<string, string | boolean | undefined>>): string {
  const parts = Object.entries(options)
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([name, value]) => `${name}=${encode(String(value))}`);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** What is wrong with the options' kinds, or with what is not there. `form` says what is needed, in words. */
export function faultOfOptions(
  options: Options,
  required: readonly string[],
  form: string,
): IslandFault | undefined {
  for (const [name, value] of Object.entries(options)) {
    if (flags.has(name) && typeof value !== 'boolean')
      return { ok: false, fault: `its '${name}' has to be true or false` };
    if (!flags.has(name) && typeof value !== 'string')
      return { ok: false, fault: `its '${name}' has to be a string` };
  }
  const missing = required.find((name) => options[name] === undefined || options[name] === '');
  return missing === undefined ? undefined : { ok: false, fault: `it needs ${form}` };
}

/** Only what would be read otherwise: refs have few characters that need it. */
function encode(value: string): string {
  return value.replaceAll('%', '%25').replaceAll('&', '%26');
}

function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
