/** Something that a session has done and that its names depend on. */
export type Remembered =
  | { readonly kind: 'load'; readonly word: string; readonly given: ReadonlyMap<string, string> }
  | { readonly kind: 'bindings' | 'expression'; readonly number: number; readonly text: string };

/** All of it, in its order. */
export type Memory = readonly Remembered[];

/** Remembers one more thing. Of expressions only the last matters, and those that something made of `it` may need. */
export function remembering(memory: Memory, each: Remembered): Memory {
  const last = memory.at(-1);
  const isReplaced = last?.kind === 'expression' && each.kind === 'expression' && !/\bit\b/.test(each.text);
  return [...(isReplaced ? memory.slice(0, -1) : memory), each];
}
