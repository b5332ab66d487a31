import {
  type Connection,
  ErrorCodes,
  LSPErrorCodes,
  type Position,
  type Range,
  ResponseError,
} from 'vscode-languageserver';
import { codeActionsIn } from './features/code-actions.ts';
import { completedItem, completionsAt } from './features/completion.ts';
import { definitionsAt } from './features/definition.ts';
import { diagnosticsOf } from './features/diagnostics.ts';
import { documentLinks } from './features/document-links.ts';
import { foldingRanges, selectionRanges } from './features/folding.ts';
import { formattingEdits } from './features/formatting.ts';
import { hoverAt } from './features/hover.ts';
import { inlayHintsIn } from './features/inlay-hints.ts';
import { highlightsAt, referencesAt } from './features/references.ts';
import { rename, renamedAt } from './features/rename.ts';
import { semanticTokens } from './features/semantic-tokens.ts';
import { signatureAt } from './features/signature-help.ts';
import { documentSymbols, workspaceSymbols } from './features/symbols.ts';
import { type AnalysedFile, placeOf } from './files/analysed-file.ts';
import type { Session } from './session.ts';

interface AboutDocument {
  readonly textDocument: { readonly uri: string };
}

interface AboutPosition extends AboutDocument {
  readonly position: Position;
}

/** Has each request answered by its feature. A document that nobody knows is answered as an empty one would be. */
export function registerHandlers(connection: Connection, session: Session): void {
  const about =
    <Params extends AboutDocument, Answer, Empty>(
      empty: Empty,
      answer: (file: AnalysedFile, params: Params) => Answer,
    ) =>
    (params: Params): Answer | Empty => {
      const file = fileOf(session, params);
      return file === undefined ? empty : answer(file, params);
    };
  const at = <Params extends AboutPosition, Answer, Empty>(
    empty: Empty,
    answer: (file: AnalysedFile, offset: number, params: Params) => Answer,
  ) => about(empty, (file, params: Params) => answer(file, offsetOf(file, params.position), params));

  connection.onHover(at(null, (file, offset) => hoverAt(session, file, offset) ?? null));
  connection.onCompletion(at([], (file, offset) => completionsAt(session, file, offset)));
  connection.onCompletionResolve(completedItem);
  connection.onSignatureHelp(at(null, (file, offset) => signatureAt(session, file, offset) ?? null));
  connection.onDefinition(at([], (file, offset) => [...definitionsAt(session, file, offset)]));
  connection.onDocumentHighlight(at([], (file, offset) => highlightsAt(session, file, offset)));
  connection.onPrepareRename(at(null, (file, offset) => renamedAt(session, file, offset)));
  connection.onReferences((params, token) =>
    current(
      session,
      params,
      at([], async (file, offset) => [
        ...(await referencesAt(session, file, offset, params.context?.includeDeclaration ?? false, token)),
      ]),
    ),
  );
  connection.onRenameRequest((params, token) =>
    current(
      session,
      params,
      at(null, (file, offset) => rename(session, file, offset, params.newName, token)),
    ),
  );
  connection.onDocumentSymbol(about([], (file) => documentSymbols(file)));
  connection.onWorkspaceSymbol(({ query }, token) => workspaceSymbols(session, query, token));
  connection.onFoldingRanges(about([], (file) => foldingRanges(file)));
  connection.onSelectionRanges(
    about([], (file, { positions }) =>
      selectionRanges(
        file,
        (positions ?? [undefined]).map((position) => offsetOf(file, position)),
      ),
    ),
  );
  connection.onCodeAction(
    about([], (file, { range, context }) =>
      codeActionsIn(session, file, checkRange(file, range), context?.diagnostics ?? []),
    ),
  );
  connection.onDocumentFormatting(about([], (file) => formattingEdits(file)));
  connection.onDocumentLinks(about([], (file) => documentLinks(file)));
  const { languages } = connection;
  languages.semanticTokens.on(about({ data: [] }, (file) => semanticTokens(file)));
  languages.semanticTokens.onRange(
    about({ data: [] }, (file, { range }) => semanticTokens(file, checkRange(file, range))),
  );
  languages.inlayHint.on(
    about([], (file, { range }) => inlayHintsIn(session, file, checkRange(file, range))),
  );
  languages.diagnostics.on(
    about({ kind: 'full', items: [] } as const, (file) => ({
      kind: 'full',
      items: diagnosticsOf(session, file),
    })),
  );
  // Not of the protocol: lets an editor see that both hold the same text.
  connection.onRequest(
    'cab/documentText',
    about(null, (file) => file.source.text),
  );
}

function fileOf({ files }: Session, params: AboutDocument): AnalysedFile | undefined {
  const uri = params?.textDocument?.uri;
  if (typeof uri !== 'string') throw invalid('the request names no document');
  const place = placeOf(uri);
  return files.opened(uri) ?? (place === undefined ? undefined : files.at(place));
}

function offsetOf({ document }: AnalysedFile, position: Position | undefined): number {
  const { line = Number.NaN, character = Number.NaN } = position ?? {};
  if (!Number.isInteger(line) || !Number.isInteger(character) || line < 0 || character < 0)
    throw invalid('a position is a line and a character, each from 0');
  return document.offsetAt({ line, character });
}

function checkRange(file: AnalysedFile, range: Range): Range {
  offsetOf(file, range?.start);
  offsetOf(file, range?.end);
  return range;
}

function invalid(message: string): ResponseError {
  return new ResponseError(ErrorCodes.InvalidParams, message);
}

/** An answer that takes several turns: where the document was changed meanwhile, it would be about a text that is no more. */
async function current<Params extends AboutDocument, Answer>(
  { files }: Session,
  params: Params,
  answer: (params: Params) => Answer,
): Promise<Awaited<Answer>> {
  const { uri } = params.textDocument;
  const version = files.document(uri)?.version;
  const result = await answer(params);
  if (files.document(uri)?.version === version) return result;
  throw new ResponseError(LSPErrorCodes.ContentModified, 'the document was changed meanwhile');
}
