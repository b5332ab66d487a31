import { type Json, canonicalJson, parseStorePath } from '../foundation/index.ts';
import type { Fix, ResolvedDerivation } from './derivation.ts';
import { type DerivationParts, encodeDerivation, makeDerivation } from './identity.ts';
import { faultOfMadeDerivation } from './validate.ts';

/**
 * Reads a canonical encoding back; undefined where the text is none, or is that of a derivation whose inputs have yet to be
 * realized: of these it holds the ids alone. Whatever comes back has the very encoding.
 */
export function decodeDerivation(text: string): ResolvedDerivation | undefined {
  const parts = partsOf(parse(text));
  if (parts === undefined || faultOfMadeDerivation(parts) !== undefined) return undefined;
  const derivation = makeDerivation(parts);
  return canonicalJson(encodeDerivation(derivation)) === text
    ? (derivation as ResolvedDerivation)
    : undefined;
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function partsOf(value: Json | undefined): DerivationParts | undefined {
  if (!isObject(value)) return undefined;
  const { arguments: words, builder, environment, inputs, name, outputs, requiredRealizerFeatures } = value;
  if (!isText(name) || !isText(builder) || !isTexts(words) || !isTextObject(environment)) return undefined;
  if (!isTexts(outputs) || !isTexts(requiredRealizerFeatures) || !isObject(inputs)) return undefined;
  const { derivations, trees } = inputs;
  if (!isObject(derivations) || Object.keys(derivations).length > 0 || !isTexts(trees)) return undefined;
  const paths = trees.map(parseStorePath);
  const fix = fixOf(value['fix']);
  if (fix === undefined || !paths.every((path) => path !== undefined)) return undefined;
  const resolved = { derivations: [], trees: paths };
  return {
    name,
    builder,
    arguments: words,
    environment,
    inputs: resolved,
    outputs,
    requiredRealizerFeatures,
    fix,
  };
}

function fixOf(value: Json | undefined): Fix | undefined {
  if (value === null) return { kind: 'none' };
  if (value === 'self') return { kind: 'self' };
  return isTextObject(value) ? { kind: 'fixed', pins: value } : undefined;
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string';
}

function isTexts(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextObject(value: Json | undefined): value is { readonly [key: string]: string } {
  return isObject(value) && Object.values(value).every(isText);
}
