import { readdirSync } from 'node:fs';
import path from 'node:path';
import { DiagnosticError } from '../../diagnostics/index.ts';
import { once } from '../../foundation/index.ts';
import {
  Attributes,
  DerivationValue,
  type Value,
  derivationAttributeNames,
  globalNames,
  showName,
} from '../../language/evaluation/index.ts';
import { keywords, namePattern, parse, tokensOf } from '../../language/syntax/index.ts';
import { islandTypes } from '../../workspace/index.ts';
import { findCommand, replCommands } from './commands/index.ts';
import type { Session } from './session.ts';

/** What can stand at the end of a text, each in the place of its last `replaced` characters. */
export interface Completions {
  readonly candidates: readonly string[];
  readonly replaced: number;
}

const nothing: Completions = { candidates: [], replaced: 0 };

const name = String.raw`(?:${namePattern}|\x60[^\x60\n]*\x60)`;
const namePath = String.raw`${name}(?:\s*\.\s*${name})*`;
/** The name that is being written behind a dot. */
const begunName = String.raw`\s*\.\s*(${name}|\x60[^\x60\n]*)?$`;

const patterns = once(() => ({
  selection: new RegExp(`(${namePath})${begunName}`, 'u'),
  parenthesised: new RegExp(String.raw`\)((?:\s*\.\s*${name})*)${begunName}`, 'u'),
  /** A name that the text itself seems to bind. */
  bound: new RegExp(String.raw`(${name})\s*(?:=(?!=)|,|\})`, 'gu'),
  word: new RegExp(`${name}$`, 'u'),
  island: /<([a-z]*)$/,
  file: /(?:^|[\s(=,[])((?:\.{1,2})?\/[^\s"(){}[\],;<>]*)$/,
}));

/** What may follow at the end of a text. Nothing is fetched or built for it, and an error is silent. */
export function complete(session: Session, text: string): Completions {
  const command = /^\s*:(\S*)(\s+)?/.exec(text);
  if (command === null) return completeExpression(session, text);
  const [all, begun = '', space] = command;
  if (space === undefined)
    return startingWith(
      `:${begun}`,
      replCommands.map((each) => `:${each.name}`),
      ' ',
    );
  const rest = text.slice(all.length);
  const found = findCommand(begun);
  if (found?.completes === 'file') return completeFile(session, /\S*$/.exec(rest)?.[0] ?? '');
  return found?.completes === undefined ? nothing : completeExpression(session, rest);
}

function completeExpression(session: Session, text: string): Completions {
  if (isInsideText(text)) return nothing;
  const { selection, parenthesised, bound, word, island, file } = patterns();
  const begunFile = file.exec(text)?.[1];
  if (begunFile !== undefined) return completeFile(session, begunFile);
  const type = island.exec(text)?.[1];
  if (type !== undefined)
    return startingWith(
      `<${type}`,
      [...islandTypes.keys()].map((each) => `<${each}`),
      ':',
    );
  const selected = selection.exec(text);
  if (selected !== null) return completeAttribute(session, selected[1] as string, selected[2] ?? '');
  const behind = parenthesised.exec(text);
  if (behind !== null) return completeBehindParenthesis(session, text, behind);
  const begun = word.exec(text)?.[0] ?? '';
  if (begun === '') return nothing;
  const local = Array.from(text.slice(0, -begun.length).matchAll(bound), (match) => match[1] as string);
  return startingWith(begun, [...local, ...session.names.keys(), ...globalNames.keys(), ...keywords]);
}

/** `(e).a.b`, of which the last name is being written. */
function completeBehindParenthesis(session: Session, text: string, found: RegExpExecArray): Completions {
  const [, selected = '', begun = ''] = found;
  const open = openingOf(text, found.index);
  if (open === undefined) return nothing;
  return completeAttribute(session, `${text.slice(open, found.index + 1)}${selected}`, begun);
}

/** The attributes of a value, as far as it can be had. */
function completeAttribute(session: Session, expression: string, begun: string): Completions {
  const names = namesIn(valueOf(session, expression));
  const bare = begun.startsWith('`') ? begun.slice(1) : begun;
  const candidates = names.filter((each) => each.startsWith(bare)).map(showName);
  return { candidates, replaced: begun.length };
}

function valueOf(session: Session, expression: string): Value | undefined {
  const { project, names } = session;
  try {
    const source = { name: '<completion>', text: expression };
    return project.glance((evaluator) => evaluator.evaluateText(source, project.base(), names));
  } catch (error) {
    if (error instanceof DiagnosticError) return undefined;
    throw error;
  }
}

function namesIn(value: Value | undefined): readonly string[] {
  if (value instanceof Attributes) return value.names();
  return value instanceof DerivationValue ? derivationAttributeNames(value).toSorted() : [];
}

function completeFile(session: Session, begun: string): Completions {
  const slash = begun.lastIndexOf('/') + 1;
  const folder = path.resolve(session.options.context.folder, begun.slice(0, slash));
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const names = entries.map((entry) => `${entry.name}${entry.isDirectory() ? '/' : ''}`);
    const hidden = begun.slice(slash).startsWith('.');
    const candidates = names.filter((each) => hidden || !each.startsWith('.'));
    return startingWith(begun.slice(slash), candidates);
  } catch {
    return nothing;
  }
}

const openings: readonly string[] = ['string-start', 'quote-start', 'island-start'];

/** Whether the end of the text lies within a string, a comment or the body of an island. */
function isInsideText(text: string): boolean {
  const tokens = [...tokensOf(parse({ name: '<completion>', text }).tree)];
  const last = tokens.findLast(({ kind, text: own }) => kind !== 'end' && own !== '');
  if (last === undefined) return false;
  if (last.kind === 'comment') return true;
  const opening = tokens.findLast(({ kind }) => openings.includes(kind));
  return (
    opening?.kind !== 'quote-start' &&
    ['text', 'escape', 'string-start', 'island-start', 'island-subtree'].includes(last.kind)
  );
}

/** Where the parenthesis opens that closes at the offset. */
function openingOf(text: string, closing: number): number | undefined {
  let depth = 0;
  const tokens = [...tokensOf(parse({ name: '<completion>', text: text.slice(0, closing + 1) }).tree)];
  for (const { kind, start } of tokens.toReversed()) {
    if (kind === ')') depth++;
    if (kind === '(') depth--;
    if (depth === 0 && kind === '(') return start;
  }
  return undefined;
}

/** `ending` is put behind one that is the only one. */
function startingWith(begun: string, candidates: Iterable<string>, ending = ''): Completions {
  const found = [...new Set([...candidates].filter((each) => each.startsWith(begun)))].toSorted();
  return { candidates: found.length === 1 ? [`${found[0]}${ending}`] : found, replaced: begun.length };
}
