import type { CancellationToken } from 'vscode-languageserver';
import { type Place, isBare, staticName } from '../language/resolution/index.ts';
import { type SyntaxNode, isNode } from '../language/syntax/index.ts';
import { type AnalysedFile, analysed } from './files/analysed-file.ts';
import { filesOf } from './files/project-files.ts';
import { type Referent, attributeAt, identityOf } from './referent.ts';
import type { Session } from './session.ts';

/** A place that names what is looked for. */
export interface Occurrence extends Place {
  readonly file: AnalysedFile;
  readonly isDefinition: boolean;
  /** How the word stands there: alone, or as one that names a variable and an attribute, of which one is meant. */
  readonly form: 'plain' | 'bare-variable' | 'bare-attribute';
}

/** Where a text names the referent, in its order. */
export function occurrencesIn(
  session: Session,
  file: AnalysedFile,
  referent: Referent,
): readonly Occurrence[] {
  const found = [...variablePlaces(file, referent), ...attributePlaces(session, file, referent)];
  const byStart = new Map(found.map((occurrence) => [occurrence.start, occurrence]));
  return [...byStart.values()].toSorted((left, right) => left.start - right.start);
}

/** The same in all files where the referent can be named. */
export async function occurrencesOf(
  session: Session,
  referent: Referent,
  token: CancellationToken,
): Promise<readonly Occurrence[]> {
  if (referent.kind === 'variable' && referent.definition.kind !== 'field')
    return occurrencesIn(session, referent.file, referent);
  const home = homeOf(referent);
  const found = home === undefined ? [] : [...occurrencesIn(session, home, referent)];
  for await (const file of filesOf(session.files, session.folders, token)) {
    if (file.uri !== home?.uri) found.push(...occurrencesIn(session, file, referent));
  }
  return found;
}

/** The file that defines the referent. */
export function homeOf(referent: Referent): AnalysedFile | undefined {
  if (referent.kind === 'variable') return referent.file;
  return referent.kind === 'attribute' ? analysed(referent.member.file) : undefined;
}

function* variablePlaces(file: AnalysedFile, referent: Referent): Generator<Occurrence> {
  if (referent.kind === 'attribute') return;
  if (referent.kind === 'global') {
    for (const use of file.resolution.uses) {
      if (use.definition === undefined && use.name === referent.name && !use.isDoubtful)
        yield {
          file,
          ...placeOf(use),
          isDefinition: false,
          form: use.bare === undefined ? 'plain' : 'bare-variable',
        };
    }
    return;
  }
  if (referent.file.uri !== file.uri) return;
  for (const site of referent.definition.sites)
    yield { file, ...placeOf(site), isDefinition: true, form: 'plain' };
  for (const use of referent.definition.uses) {
    if (use.isDoubtful) continue;
    yield {
      file,
      ...placeOf(use),
      isDefinition: false,
      form: use.bare === undefined ? 'plain' : 'bare-variable',
    };
  }
}

function* attributePlaces(session: Session, file: AnalysedFile, referent: Referent): Generator<Occurrence> {
  if (referent.kind === 'variable' && referent.definition.kind !== 'field') return;
  const identity = identityOf(referent);
  for (const key of keysNamed(file, nameOf(referent))) {
    const named = attributeAt(session, file, key.start);
    if (named === undefined || identityOf(named.referent) !== identity) continue;
    const isDefinition =
      referent.kind === 'attribute' &&
      analysed(referent.member.file).uri === file.uri &&
      referent.member.keys.some(({ start }) => start === key.start);
    yield { file, ...placeOf(key), isDefinition, form: key.isBare ? 'bare-attribute' : 'plain' };
  }
}

function nameOf(referent: Referent): string {
  if (referent.kind === 'global') return referent.name;
  return referent.kind === 'variable' ? referent.definition.name : referent.member.name;
}

function placeOf({ start, end }: Place): Place {
  return { start, end };
}

interface Key extends Place {
  readonly isBare: boolean;
}

const keysByName = new WeakMap<AnalysedFile, ReadonlyMap<string, readonly Key[]>>();

/** The keys of a file by their names, found once for each version. */
function keysNamed(file: AnalysedFile, name: string): readonly Key[] {
  let keys = keysByName.get(file);
  if (keys === undefined) {
    keys = gatherKeys(file.tree);
    keysByName.set(file, keys);
  }
  return keys.get(name) ?? [];
}

function gatherKeys(tree: SyntaxNode): ReadonlyMap<string, readonly Key[]> {
  const keys = new Map<string, Key[]>();
  const pending: SyntaxNode[] = [tree];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const child of node.children) {
      if (!isNode(child)) continue;
      pending.push(child);
      if (child.kind !== 'key') continue;
      const name = staticName(child);
      if (name === undefined) continue;
      const list = keys.get(name) ?? [];
      list.push({ start: child.start, end: child.end, isBare: node.kind === 'binding' && isBare(node) });
      keys.set(name, list);
    }
  }
  return keys;
}
