import type { AttributeKey } from '../../syntax/index.ts';
import { annotate } from '../fault.ts';
import { plainText } from '../interpolate.ts';
import type { Scope } from '../scope.ts';
import type { Frame } from '../thunk.ts';
import { compileParts } from './text.ts';

/** The attribute's name where it is known without evaluation. */
export function staticNameOf(key: AttributeKey): string | undefined {
  let name = '';
  for (const part of key.parts) {
    if (typeof part !== 'string') return undefined;
    name += part;
  }
  return name;
}

/** Whether every name of the path is known without evaluation. */
export function isStaticPath(path: readonly AttributeKey[]): boolean {
  return path.every((key) => staticNameOf(key) !== undefined);
}

/** The name of an attribute, which may not have context: what depends on an output has no place in a name. */
export function compileKey(key: AttributeKey, scope: Scope): (frame: Frame) => string {
  const name = staticNameOf(key);
  if (name !== undefined) return () => name;
  const parts = compileParts(key.parts, scope);
  const span = scope.file.spanOf(key);
  return (frame) => {
    try {
      return plainText(parts, frame, "an attribute's name");
    } catch (error) {
      throw annotate(error, { span, message: '' });
    }
  };
}
