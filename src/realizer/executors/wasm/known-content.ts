import { parseClaim } from '../../../derivations/index.ts';
import type { KnownContent } from '../../../store/index.ts';
import { errno } from './files/errno.ts';
import type { Node } from './files/node.ts';
import type { TreeReader } from './files/store-tree.ts';
import type { HostFunctions } from './host-functions.ts';
import { programLimits } from './limits.ts';
import type { ProgramContext } from './program-context.ts';
import { placeOf } from './system/place.ts';

/** What a program may ask about content that it, or an earlier run of the same module, has named. */
export interface KnownContentSource {
  /** Undefined for a program whose result must not depend on what the store has: an ordinary build's. */
  readonly find: ((id: string) => KnownContent | undefined) | undefined;
  readonly readTree: TreeReader;
}

/** What a program named, by id. */
export type NamedContents = Map<string, Node>;

const answerOf = { file: 1, directory: 2 } as const;

/** The functions of the module `cab` for content that is known by an id under which others publish it. */
export function knownContentFunctions(
  context: ProgramContext,
  { find, readTree }: KnownContentSource,
  named: NamedContents,
): HostFunctions {
  const { files } = context;

  function idAt(pointer: number, length: number): string | undefined {
    const text = context.memory().text(pointer, length);
    return text !== undefined && parseClaim(text) !== undefined ? text : undefined;
  }

  function known(id: string | undefined): KnownContent | undefined {
    return id === undefined ? undefined : find?.(id);
  }

  return {
    content_find(id: number, idLength: number, result: number): number {
      const content = known(idAt(id, idLength));
      if (content === undefined) return 0;
      const bytes = context.memory().bytes(result, 40);
      bytes.set(Buffer.from(content.digest, 'hex'));
      context.memory().setUint64(result + 32, BigInt(content.size));
      return answerOf[content.kind];
    },

    content_place(id: number, idLength: number, number: number, path: number, pathLength: number): number {
      const place = placeOf(context, number, path, pathLength);
      if (typeof place === 'number') return place;
      const content = known(idAt(id, idLength));
      return content === undefined
        ? errno.noEntry
        : files.placeStored(place.base, place.path, content, readTree);
    },

    content_name(id: number, idLength: number, number: number, path: number, pathLength: number): number {
      if (find === undefined) return errno.notCapable;
      const place = placeOf(context, number, path, pathLength);
      if (typeof place === 'number') return place;
      const name = idAt(id, idLength);
      if (name === undefined) return errno.invalid;
      const node = files.find(place.base, place.path, false);
      if (typeof node === 'number') return node;
      if (node.kind !== 'file' && node.kind !== 'directory') return errno.invalid;
      if (named.size >= programLimits.namedParts && !named.has(name)) return errno.noSpace;
      named.set(name, node);
      return errno.success;
    },
  };
}
