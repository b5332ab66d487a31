import type { Derivation } from '../../derivations/index.ts';
import {
  ContextCollector,
  contextOf,
  isString,
  mergeContexts,
  noContext,
  outputString,
  textOf,
  treeString,
  withContext,
} from './context.ts';
import { describe } from './describe.ts';
import { DerivationValue } from './derivation-value.ts';
import { type Site, asking, fault } from './fault.ts';
import { allOf } from './fork.ts';
import type { Code, Frame } from './thunk.ts';
import { phraseOf } from './types.ts';
import { type ContextString, IslandReference, PathValue, type Value } from './value.ts';

/** A piece of a text: as it stands, or to be evaluated. */
export type TextPart = string | { readonly code: Code; readonly site: Site };

/** The text with its context. */
export function interpolate(parts: readonly TextPart[], frame: Frame): string | ContextString {
  return joinPieces(
    allOf(parts, (part) => (typeof part === 'string' ? part : toText(part.code(frame), part.site, 'a text'))),
  );
}

/** The same where the parts that are not text have been evaluated. */
export function interpolateValues(
  parts: readonly TextPart[],
  values: readonly Value[],
): string | ContextString {
  let text = '';
  let context = noContext;
  let next = 0;
  for (const part of parts) {
    const piece = typeof part === 'string' ? part : toText(values[next++] ?? null, part.site, 'a text');
    if (typeof piece === 'string') {
      text += piece;
    } else {
      text += piece.text;
      context = mergeContexts(context, piece.context);
    }
  }
  return withContext(text, context);
}

function joinPieces(pieces: readonly (string | ContextString)[]): string | ContextString {
  let text = '';
  const contexts = new ContextCollector();
  for (const piece of pieces) {
    text += textOf(piece);
    contexts.add(contextOf(piece));
  }
  return withContext(text, contexts.context);
}

/** The text of something that may not depend on an output. `what` is its name in messages: `a path`. */
export function plainText(parts: readonly TextPart[], frame: Frame, what: string): string {
  let text = '';
  for (const part of parts) {
    const value = typeof part === 'string' ? part : part.code(frame);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
      text += String(value);
      continue;
    }
    const span = typeof part === 'string' ? undefined : part.site.span;
    if (!isString(value)) {
      throw fault(span, 'CAB2014', `${describe(value)} cannot stand in ${what}`, {
        hint: 'only strings and integers can',
      });
    }
    throw fault(span, 'CAB2021', `${what} cannot depend on the output of a derivation or on a tree`, {
      hint: 'withoutContext gives the text alone',
    });
  }
  return text;
}

/**
 * The text that stands for a value where a build will read it: a string is itself, an integer its digits, a path the
 * store path of what lies there, and an island or derivation the placeholder of its output. `where` says in messages
 * what the value cannot stand in.
 */
export function toText(value: Value, site: Site, where: string): string | ContextString {
  if (isString(value)) return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value instanceof PathValue)
    return asking(site, () => treeString(site.evaluation.world.addToStore(value)));
  if (value instanceof IslandReference) {
    return asking(site, () => outputString(site.evaluation.world.toDerivation(value.island), 'out'));
  }
  if (value instanceof DerivationValue) {
    value.text ??= textOfDerivation(asking(site, () => value.derivation));
    return value.text;
  }
  throw fault(site.span, 'CAB2014', `${describe(value)} cannot stand in ${where}`, {
    hint: hintForText(value),
  });
}

function textOfDerivation(derivation: Derivation): ContextString {
  const [output] = derivation.outputs.includes('out') ? ['out'] : derivation.outputs;
  return outputString(derivation, output as string);
}

/** Whether `toText` takes the value. */
export function hasText(value: Value): boolean {
  return !['null', 'a boolean', 'a float', 'a list', 'attributes', 'a function'].includes(phraseOf(value));
}

/** What to write for a value that has no text. */
export function hintForText(value: Value): string {
  const phrase = phraseOf(value);
  if (phrase === 'a list') return 'join makes one text of a list of strings';
  if (phrase === 'attributes') return 'select one of the attributes, or write them with toJson';
  if (phrase === 'null') return 'say what stands there instead: if x == null then "" else x';
  return phrase === 'a function' ? 'an argument may be missing' : 'toString makes a string of it';
}
