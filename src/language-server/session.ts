import { ShapeReader } from '../language/resolution/index.ts';
import type { SyntaxNode } from '../language/syntax/index.ts';
import { type AnalysedFile, analysed } from './files/analysed-file.ts';
import { FileStore } from './files/file-store.ts';
import { importedPlace, placeNamedBy } from './files/places.ts';
import { LockReader } from './islands/locked.ts';

/** What the server knows while an editor is connected; every feature is a function of it and of a document. */
export class Session {
  readonly files = new FileStore();
  readonly locks = new LockReader();
  readonly shapes = new ShapeReader((from, argument) => this.importedBy(analysed(from), argument));
  /** The places of the folders that the editor has open. */
  folders: readonly string[] = [];

  /** The file that an `import` of a path or island reads, if it is one of this machine. */
  importedBy(from: AnalysedFile, argument: SyntaxNode): AnalysedFile | undefined {
    const place = placeNamedBy(from, argument);
    return place === undefined ? undefined : this.files.at(importedPlace(place));
  }
}
