import path from 'node:path';
import { folderFile } from '../../language/evaluation/index.ts';
import { callOf, staticName, staticText, withinParentheses } from '../../language/resolution/index.ts';
import type { SyntaxNode } from '../../language/syntax/index.ts';
import type { AnalysedFile } from '../files/analysed-file.ts';
import { nodesOf } from '../files/nodes-of.ts';
import { kindAt, placeNamedBy } from '../files/places.ts';
import { namedAt } from '../referent.ts';
import type { Session } from '../session.ts';
import type { Finding } from './finding.ts';

/** Builtins that read what is at a path, and what they want there. */
const readers: ReadonlyMap<string, 'file' | 'directory' | 'expression'> = new Map([
  ['import', 'expression'],
  ['readFile', 'file'],
  ['readDirectory', 'directory'],
]);

/** Files and folders that are read and are not there. */
export function importFindings(session: Session, file: AnalysedFile): readonly Finding[] {
  const calls = [...nodesOf(file, 'apply'), ...nodesOf(file, 'pipe')];
  return calls.flatMap((node) => {
    const call = callOf(node);
    const name = call?.callee.kind === 'name' ? staticName(call.callee) : undefined;
    const wanted = readers.get(name ?? '');
    const argument = call && withinParentheses(call.argument);
    if (wanted === undefined || call === undefined || argument === undefined) return [];
    if (argument.kind !== 'path' && argument.kind !== 'island') return [];
    if (namedAt(session, file, call.callee.start)?.referent.kind !== 'global') return [];
    const finding = findingAbout(session, file, argument, wanted);
    return finding === undefined ? [] : [finding];
  });
}

function findingAbout(
  session: Session,
  file: AnalysedFile,
  argument: SyntaxNode,
  wanted: 'file' | 'directory' | 'expression',
): Finding | undefined {
  const place = placeNamedBy(file, argument);
  if (place === undefined || session.files.isOpenAt(place)) return undefined;
  const written = argument.kind === 'path' ? staticText(argument) : undefined;
  const shown = written ?? place;
  const { start, end } = argument;
  const about = { start, end, severity: 'error' as const };
  const kind = kindAt(place);
  if (kind === undefined) {
    const hint = 'paths are relative to the file that they stand in';
    return { ...about, code: 'CAB6101', message: `${shown} does not exist`, hint };
  }
  if (wanted === 'directory' && kind !== 'directory')
    return { ...about, code: 'CAB6102', message: `${shown} is not a folder, but a ${kind}` };
  if (wanted === 'file' && kind === 'directory')
    return { ...about, code: 'CAB6102', message: `${shown} is not a file, but a folder` };
  if (wanted !== 'expression') return undefined;
  const entry = kind === 'directory' ? path.join(place, folderFile) : place;
  if (session.files.isOpenAt(entry)) return undefined;
  if (kindAt(entry) === undefined)
    return { ...about, code: 'CAB6101', message: `the folder ${shown} has no ${folderFile}` };
  if (session.files.at(entry) !== undefined) return undefined;
  return { ...about, code: 'CAB2017', message: `${shown} is not a text in UTF-8` };
}
