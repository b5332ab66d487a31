import type { Location } from 'vscode-languageserver';
import { pathToFileURL } from 'node:url';
import { callOf, nodesAround, withinParentheses } from '../../language/resolution/index.ts';
import { unreachable } from '../../foundation/index.ts';
import { type AnalysedFile, analysed, rangeOf } from '../files/analysed-file.ts';
import { importedPlace, kindAt, placeNamedBy } from '../files/places.ts';
import { type Referent, namedAt } from '../referent.ts';
import type { Session } from '../session.ts';

const start = { line: 0, character: 0 };

/** Where what is named at the offset comes from: a binding, an attribute, or the file that a path or island leads to. */
export function definitionsAt(session: Session, file: AnalysedFile, offset: number): readonly Location[] {
  const around = nodesAround(file.tree, offset);
  const literal = around.find(({ kind }) => kind === 'path' || kind === 'island');
  const named = namedAt(session, file, offset);
  if (named !== undefined) {
    if (named.referent.kind !== 'global') return locationsOf(named.referent);
    const call = around.map(callOf).find((each) => each?.callee.start === named.start);
    const argument = named.name === 'import' ? call && withinParentheses(call.argument) : undefined;
    return argument === undefined ? [] : fileLocation(session, placeNamedBy(file, argument));
  }
  return literal === undefined ? [] : fileLocation(session, placeNamedBy(file, literal));
}

function locationsOf(referent: Referent): readonly Location[] {
  switch (referent.kind) {
    case 'global':
      return [];
    case 'variable':
      return referent.definition.sites.map((site) => locationOf(referent.file, site));
    case 'attribute':
      return referent.member.keys.map((key) => locationOf(analysed(referent.member.file), key));
    default:
      return unreachable(referent);
  }
}

export function locationOf(file: AnalysedFile, place: { start: number; end: number }): Location {
  return { uri: file.uri, range: rangeOf(file, place) };
}

/** The beginning of the file; of a folder, of its entry. */
function fileLocation(session: Session, named: string | undefined): readonly Location[] {
  if (named === undefined) return [];
  const place = importedPlace(named);
  const opened = session.files.isOpenAt(place) ? session.files.at(place) : undefined;
  if (opened === undefined && kindAt(place) !== 'file') return [];
  return [{ uri: opened?.uri ?? pathToFileURL(place).href, range: { start, end: start } }];
}
