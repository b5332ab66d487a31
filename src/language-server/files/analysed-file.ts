import { fileURLToPath } from 'node:url';
import type { Range } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Diagnostic } from '../../diagnostics/index.ts';
import { type Place, type ReadFile, resolve } from '../../language/resolution/index.ts';
import { parse } from '../../language/syntax/index.ts';

/** One version of a document, and all that its own text tells. */
export interface AnalysedFile extends ReadFile {
  readonly uri: string;
  /** Where it lies on this machine; undefined for what an editor has not saved yet. */
  readonly place: string | undefined;
  readonly document: TextDocument;
  readonly syntaxDiagnostics: readonly Diagnostic[];
}

export function analyse(document: TextDocument): AnalysedFile {
  const { uri } = document;
  const source = { name: uri, text: document.getText() };
  const { tree, diagnostics } = parse(source);
  const resolution = resolve(tree);
  return { uri, place: placeOf(uri), document, source, tree, resolution, syntaxDiagnostics: diagnostics };
}

export function placeOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}

export function rangeOf({ document }: AnalysedFile, { start, end }: Place): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

/** The written text of a stretch of the file. */
export function textAt({ source }: ReadFile, { start, end }: Place): string {
  return source.text.slice(start, end);
}

/** The file as the server knows it: whatever its readers meet was analysed here. */
export function analysed(file: ReadFile): AnalysedFile {
  return file as AnalysedFile;
}
