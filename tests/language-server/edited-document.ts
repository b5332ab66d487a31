import assert from 'node:assert/strict';
import type {
  CodeAction,
  CompletionItem,
  CompletionList,
  Diagnostic,
  DocumentHighlight,
  DocumentSymbol,
  Hover,
  Location,
  MarkupContent,
  Position,
  Range,
  SignatureHelp,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Editor } from './editor.ts';

/** A text with its cursors: `$0`, `$1` and so on are taken out of it. */
export function marked(text: string): { readonly plain: string; readonly cursors: readonly number[] } {
  const cursors: number[] = [];
  let plain = '';
  for (const piece of text.split(/(\$[0-9])/)) {
    if (/^\$[0-9]$/.test(piece)) cursors[Number(piece[1])] = plain.length;
    else plain += piece;
  }
  return { plain, cursors };
}

/** A document that is open in the editor. Places are told as `file:line:column`, both from 1. */
export class EditedDocument {
  readonly editor: Editor;
  readonly uri: string;
  readonly cursors: readonly number[];
  #document: TextDocument;

  constructor(editor: Editor, uri: string, text: string, cursors: readonly number[]) {
    this.editor = editor;
    this.uri = uri;
    this.cursors = cursors;
    this.#document = TextDocument.create(uri, 'cab', 1, text);
  }

  get text(): string {
    return this.#document.getText();
  }

  get version(): number {
    return this.#document.version;
  }

  position(cursor = 0): Position {
    const offset = this.cursors[cursor];
    assert.ok(offset !== undefined, `there is no cursor $${cursor}`);
    return this.#document.positionAt(offset);
  }

  positionAt(offset: number): Position {
    return this.#document.positionAt(offset);
  }

  offsetAt(position: Position): number {
    return this.#document.offsetAt(position);
  }

  /** Replaces stretches of the text, one after the other, as somebody does who types. */
  async edit(...changes: readonly { range: Range; text: string }[]): Promise<void> {
    const version = this.version + 1;
    TextDocument.update(this.#document, [...changes], version);
    await this.editor.notify('textDocument/didChange', {
      textDocument: { uri: this.uri, version },
      contentChanges: changes,
    });
  }

  async replace(old: string, text: string): Promise<void> {
    const start = this.text.indexOf(old);
    assert.ok(start >= 0, `'${old}' is not in the text`);
    const range = { start: this.positionAt(start), end: this.positionAt(start + old.length) };
    await this.edit({ range, text });
  }

  async close(): Promise<void> {
    await this.editor.notify('textDocument/didClose', { textDocument: { uri: this.uri } });
  }

  /** What the server says when it is asked about a cursor. */
  async ask<Answer>(
    method: string,
    cursor = 0,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<Answer> {
    return await this.editor.request(`textDocument/${method}`, {
      textDocument: { uri: this.uri },
      position: this.position(cursor),
      ...more,
    });
  }

  /** The same about the whole document. */
  async askAll<Answer>(method: string, more: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
    return await this.editor.request(`textDocument/${method}`, { textDocument: { uri: this.uri }, ...more });
  }

  /** The diagnostics of this version, each as `code place: first line`. */
  async diagnostics(accepts?: (list: readonly Diagnostic[]) => boolean): Promise<readonly string[]> {
    const list = await this.editor.published(this.uri, this.version, accepts);
    return list.map(
      ({ code, message, range }) =>
        `${code} ${this.#shown(range)}: ${textOf(message).split('\n').join(' | ')}`,
    );
  }

  async hover(cursor = 0): Promise<string> {
    const hover = await this.ask<Hover | null>('hover', cursor);
    return hover === null ? '' : (hover.contents as MarkupContent).value;
  }

  async completions(cursor = 0): Promise<readonly CompletionItem[]> {
    const list = await this.ask<CompletionList | CompletionItem[]>('completion', cursor);
    const items = Array.isArray(list) ? list : list.items;
    return items.toSorted((left, right) => ((left.sortText ?? '') < (right.sortText ?? '') ? -1 : 1));
  }

  async completionLabels(cursor = 0): Promise<readonly string[]> {
    return (await this.completions(cursor)).map(({ label }) => label);
  }

  /** The text when a completion has been accepted. */
  async completed(label: string, cursor = 0): Promise<string> {
    const item = (await this.completions(cursor)).find((candidate) => candidate.label === label);
    assert.ok(item !== undefined, `'${label}' is not offered`);
    return TextDocument.applyEdits(this.#document, [item.textEdit as TextEdit]);
  }

  async definitions(cursor = 0): Promise<readonly string[]> {
    return (await this.ask<Location[]>('definition', cursor)).map((location) => this.#place(location));
  }

  async references(cursor = 0, includeDeclaration = true): Promise<readonly string[]> {
    const found = await this.ask<Location[]>('references', cursor, { context: { includeDeclaration } });
    return found.map((location) => this.#place(location)).toSorted();
  }

  async highlights(cursor = 0): Promise<readonly string[]> {
    const found = await this.ask<DocumentHighlight[]>('documentHighlight', cursor);
    return found.map(({ range, kind }) => `${this.#shown(range)} ${kind === 3 ? 'write' : 'read'}`);
  }

  async signature(cursor = 0): Promise<string> {
    const help = await this.ask<SignatureHelp | null>('signatureHelp', cursor);
    const [signature] = help?.signatures ?? [];
    const parameter = signature?.parameters?.[help?.activeParameter ?? -1]?.label;
    if (signature === undefined || !Array.isArray(parameter)) return '';
    const [start, end] = parameter;
    return `${signature.label.slice(0, start)}«${signature.label.slice(start, end)}»${signature.label.slice(end)}`;
  }

  /** The texts of the documents that a rename changes, by their names. */
  async rename(newName: string, cursor = 0): Promise<Readonly<Record<string, string>>> {
    const edit = await this.ask<WorkspaceEdit>('rename', cursor, { newName });
    return Object.fromEntries(
      Object.entries(edit.changes ?? {}).map(([uri, edits]) => [
        this.editor.nameOf(uri),
        this.#applied(uri, edits),
      ]),
    );
  }

  /** Why a rename is refused. */
  async renameRefusal(newName: string, cursor = 0): Promise<string> {
    try {
      await this.rename(newName, cursor);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error(`the rename to '${newName}' was not refused`);
  }

  async symbols(): Promise<readonly string[]> {
    const lines: string[] = [];
    const add = (symbols: readonly DocumentSymbol[], depth: number): void => {
      for (const { name, children = [] } of symbols) {
        lines.push('  '.repeat(depth) + name);
        add(children, depth + 1);
      }
    };
    add(await this.askAll<DocumentSymbol[]>('documentSymbol'), 0);
    return lines;
  }

  async actions(cursor = 0): Promise<readonly CodeAction[]> {
    const range = { start: this.position(cursor), end: this.position(cursor) };
    return await this.askAll<CodeAction[]>('codeAction', { range, context: { diagnostics: [] } });
  }

  /** The text when an action of this title has been done. */
  async acted(title: string, cursor = 0): Promise<string> {
    const actions = await this.actions(cursor);
    const action = actions.find((candidate) => candidate.title === title);
    assert.ok(
      action !== undefined,
      `'${title}' is not among ${JSON.stringify(actions.map((each) => each.title))}`,
    );
    return this.#applied(this.uri, action.edit?.changes?.[this.uri] ?? []);
  }

  #applied(uri: string, edits: readonly TextEdit[]): string {
    if (uri === this.uri) return TextDocument.applyEdits(this.#document, [...edits]);
    const other = this.editor.textOf(uri);
    return TextDocument.applyEdits(TextDocument.create(uri, 'cab', 1, other), [...edits]);
  }

  #place({ uri, range }: Location): string {
    return `${this.editor.nameOf(uri)}:${this.#shown(range)}`;
  }

  #shown({ start }: Range): string {
    return `${start.line + 1}:${start.character + 1}`;
  }
}

function textOf(message: Diagnostic['message']): string {
  return typeof message === 'string' ? message : message.value;
}
