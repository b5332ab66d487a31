import type { LockFile } from '../../workspace/index.ts';

/** Something that a session has done and that its names depend on. */
export type Remembered =
  | { readonly kind: 'load'; readonly word: string; readonly given: ReadonlyMap<string, string> }
  | { readonly kind: 'bindings' | 'expression'; readonly number: number; readonly text: string };

/** What a session is told to come to the names of another. */
export interface Memory {
  /** In its order. */
  readonly done: readonly Remembered[];
  /** What islands were pinned to, so that they are the same ones. */
  readonly pins: LockFile;
}

export const emptyMemory: Memory = { done: [], pins: { islands: new Map(), derivations: new Map() } };

/** Remembers one more thing. Of expressions only the last matters, and those that something made of `it` may need. */
export function remembering(done: readonly Remembered[], each: Remembered): readonly Remembered[] {
  const last = done.at(-1);
  const isReplaced = last?.kind === 'expression' && each.kind === 'expression' && !/\bit\b/.test(each.text);
  return [...(isReplaced ? done.slice(0, -1) : done), each];
}
