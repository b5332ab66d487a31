import { pathToFileURL } from 'node:url';
import type { DocumentLink } from 'vscode-languageserver';
import type { SyntaxNode } from '../../language/syntax/index.ts';
import { type AnalysedFile, rangeOf } from '../files/analysed-file.ts';
import { nodesOf } from '../files/nodes-of.ts';
import { importedPlace, kindAt, placeNamedBy } from '../files/places.ts';
import { webPageOf } from '../islands/web-pages.ts';
import { writtenIsland } from '../islands/written-island.ts';

/** Paths as links to what is there, and islands as links to their pages. */
export function documentLinks(file: AnalysedFile): DocumentLink[] {
  return [...nodesOf(file, 'path'), ...nodesOf(file, 'island')].flatMap((node) => {
    const target = targetOf(file, node);
    return target === undefined ? [] : [{ range: rangeOf(file, node), target }];
  });
}

function targetOf(file: AnalysedFile, node: SyntaxNode): string | undefined {
  const place = placeNamedBy(file, node);
  if (place !== undefined) {
    const target = importedPlace(place);
    return kindAt(target) === 'file' ? pathToFileURL(target).href : undefined;
  }
  if (node.kind !== 'island') return undefined;
  const { result } = writtenIsland(node);
  return result?.ok === true ? webPageOf(result.island) : undefined;
}
