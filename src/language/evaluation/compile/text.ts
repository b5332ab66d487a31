import type { IslandExpression, Parts, PathExpression, StringExpression } from '../../syntax/index.ts';
import { asking } from '../fault.ts';
import { type TextPart, interpolate, plainText } from '../interpolate.ts';
import { islandOptions } from '../island-options.ts';
import { resolvePath } from '../paths.ts';
import type { Scope } from '../scope.ts';
import type { Code } from '../thunk.ts';
import { IslandReference, PathValue } from '../value.ts';
import { compileAttributes } from './attributes.ts';
import { compile } from './expression.ts';

export function compileParts(parts: Parts, scope: Scope): readonly TextPart[] {
  return parts.map((part) =>
    typeof part === 'string' ? part : { code: compile(part, scope), site: scope.file.siteOf(part) },
  );
}

export function compileString(expression: StringExpression, scope: Scope): Code {
  const parts = compileParts(expression.parts, scope);
  if (parts.every((part) => typeof part === 'string')) {
    const text = parts.join('');
    return () => text;
  }
  return (frame) => interpolate(parts, frame);
}

/** A path of the tree that the file lies in: relative to the file's folder, or from the root where it begins with `/`. */
export function compilePath(expression: PathExpression, scope: Scope): Code {
  const parts = compileParts(expression.parts, scope);
  const site = scope.file.siteOf(expression);
  const { folder } = scope.file;
  return (frame) => {
    const text = plainText(parts, frame, 'a path');
    return resolvePath(text.startsWith('/') ? { ...folder, path: '/' } : folder, text, site);
  };
}

/** An island, or a path in it. Nothing of it is looked at. */
export function compileIsland(expression: IslandExpression, scope: Scope): Code {
  const site = scope.file.siteOf(expression);
  const { evaluation, folder } = scope.file;
  const { world } = evaluation;
  const { type } = expression;
  const subtree = compileParts(expression.subtree, scope);
  const path = compileParts(expression.path, scope);
  const body = 'kind' in expression.body ? undefined : compileParts(expression.body, scope);
  const options = 'kind' in expression.body ? compileAttributes(expression.body, scope) : undefined;
  return (frame) => {
    const described =
      options === undefined ? plainText(body ?? [], frame, 'an island') : islandOptions(options(frame), site);
    const within = plainText(subtree, frame, 'an island');
    const island = asking(site, () => world.island(type, described, within, folder.root));
    if (path.length === 0) return new IslandReference(island);
    return resolvePath(new PathValue(island.root, '/'), plainText(path, frame, 'a path'), site);
  };
}
