import { type Diagnostic, didYouMean } from '../diagnostics/index.ts';
import type { Island, IslandBody, IslandType } from './island.ts';
import { islandTypes } from './types/index.ts';

export type IslandResult =
  { readonly ok: true; readonly island: Island } | { readonly ok: false; readonly diagnostic: Diagnostic };

/** The island that a type, a body and a sub-tree (`docs/api`, or empty) describe. */
export function makeIsland(typeName: string, body: IslandBody, subtree: string): IslandResult {
  const type = islandTypes.get(typeName);
  if (type === undefined) return unknownType(typeName);
  const unknown = unknownOption(type, body);
  if (unknown !== undefined)
    return malformed(type, `it has no option '${unknown}'`, hintForOption(type, unknown));
  const cleanSubtree = subtree.replace(/^\/+|\/+$/g, '');
  const parts = cleanSubtree.split('/');
  if (cleanSubtree !== '' && parts.some((part) => ['', '.', '..'].includes(part))) {
    return malformed(type, `its sub-tree '${subtree}' leads elsewhere`);
  }
  const parsed = type.parse(body, cleanSubtree);
  if (!parsed.ok) return malformed(type, parsed.fault, parsed.hint);
  const { name, source } = parsed.island;
  if (parsed.island.body.includes('::/')) {
    return malformed(type, "it holds '::/', behind which the sub-tree stands");
  }
  const suffix = cleanSubtree === '' ? '' : `::/${cleanSubtree}`;
  return {
    ok: true,
    island: { type: typeName, key: `${typeName}:${parsed.island.body}${suffix}`, name, source },
  };
}

/** The island that a text such as `github:cull-os/cab::/docs` names; with or without `<` and `>` around it. */
export function parseIsland(text: string): IslandResult {
  const inner = /^<(.*)>$/.exec(text)?.[1] ?? text;
  const colon = inner.indexOf(':');
  const { whole, subtree } = splitIslandKey(inner.slice(colon + 1));
  return makeIsland(inner.slice(0, Math.max(colon, 0)), whole, subtree);
}

/** Whether a word of the command line means an island, and not a path. */
export function looksLikeIsland(text: string): boolean {
  const type = /^<?([a-z][a-z0-9]*):/.exec(text)?.[1];
  return type !== undefined && (text.startsWith('<') || islandTypes.has(type));
}

/** A key as the key of the whole island, and the sub-tree, which is empty where the whole is meant. */
export function splitIslandKey(key: string): { readonly whole: string; readonly subtree: string } {
  const at = key.lastIndexOf('::/');
  return at === -1 ? { whole: key, subtree: '' } : { whole: key.slice(0, at), subtree: key.slice(at + 3) };
}

function unknownOption(type: IslandType, body: IslandBody): string | undefined {
  if (typeof body === 'string') return undefined;
  return Object.keys(body).find((option) => !type.options.includes(option));
}

/** What other tools call an option. */
const otherOptions: Readonly<Record<string, string>> = {
  branch: 'ref',
  commit: 'ref',
  rev: 'ref',
  revision: 'ref',
  tag: 'ref',
};

function hintForOption({ options, form }: IslandType, unknown: string): string {
  if (options.length === 0) return `it takes no options: its form is <${form}>`;
  const other = otherOptions[unknown];
  if (other !== undefined && options.includes(other))
    return `a branch, a tag or a commit is given as '${other}'`;
  return didYouMean(unknown, options) ?? `it takes ${options.join(', ')}`;
}

/** What the type for something is that others call otherwise. */
const otherTypes: Readonly<Record<string, string>> = {
  docker: 'oci',
  container: 'oci',
  tarball: 'https',
  archive: 'https',
  url: 'https',
  file: 'path',
  cargo: 'crates',
  pip: 'pypi',
  python: 'pypi',
  node: 'npm',
  golang: 'go',
  srht: 'sourcehut',
};

function unknownType(typeName: string): IslandResult {
  const names = [...islandTypes.keys()];
  const other = Object.hasOwn(otherTypes, typeName) ? otherTypes[typeName] : undefined;
  return {
    ok: false,
    diagnostic: {
      code: 'CAB3001',
      severity: 'error',
      message: `there is no type of island called '${typeName}'`,
      hint: other === undefined ? hintForType(typeName, names) : `that is the type '${other}'`,
    },
  };
}

function hintForType(typeName: string, names: readonly string[]): string {
  return didYouMean(typeName, names) ?? `the types are ${names.join(', ')}`;
}

function malformed(type: IslandType, fault: string, hint?: string): IslandResult {
  return {
    ok: false,
    diagnostic: {
      code: 'CAB3002',
      severity: 'error',
      message: `this '${type.name}' island is malformed: ${fault}`,
      hint: hint ?? `its form is <${type.form}>`,
    },
  };
}
