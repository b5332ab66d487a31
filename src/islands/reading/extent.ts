import type { DirectoryNode, TreeContents } from './tree-node.ts';

/** How much of a tree is on this machine: what appears several times counts once. */
export interface Extent {
  readonly directories: number;
  readonly files: number;
  /** Of the files' content. */
  readonly bytes: number;
}

/** What of the tree can be reached without anything being fetched. */
export function extentOf(contents: TreeContents, root: DirectoryNode): Extent {
  const seen = new Set<string>();
  const extent = { directories: 0, files: 0, bytes: 0 };
  const waiting = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const children = contents.children(next);
    if (children === undefined) continue;
    extent.directories++;
    for (const node of children.values()) {
      const name = node.id ?? ('digest' in node ? node.digest : undefined);
      if (name === undefined || seen.has(name)) continue;
      seen.add(name);
      if (node.kind === 'directory') waiting.push(node);
      const content = node.kind === 'file' ? contents.content(node) : undefined;
      if (content === undefined) continue;
      extent.files++;
      extent.bytes += content.size;
    }
  }
  return extent;
}
