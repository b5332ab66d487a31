import type { AttributeKey, Expression } from '../../syntax/index.ts';
import { countParts, isResultTried, isTried } from '../compile/at-hand.ts';
import { KnownBuiltins } from './local-binding.ts';
import { needsFrame } from './needs-frame.ts';
import { isMadeAtOnce } from '../compile/expression.ts';
import { TextUnit } from '../compile/text-unit.ts';
import type { Unit } from '../thunk.ts';
import type { Scope } from '../scope.ts';
import { FunctionWriter, type Place } from './function-writer.ts';
import type { Program } from './program.ts';
import { writeInteger, writeValue } from './write-value.ts';

/** Writes what is handed on without being evaluated: an argument, an element or an attribute's value. */
export function writeArgument(
  expression: Expression,
  place: Place,
  about: string | AttributeKey = '',
): string {
  if (expression.kind === 'name') return writeVariable(expression.name, place);
  return writeLater(expression, place, about);
}

/** Writes what is bound while its frame may not be complete. */
export function writeBound(expression: Expression, place: Place, about: string | AttributeKey): string {
  const { scope, writer } = place;
  if (expression.kind !== 'name') return writeLater(expression, place, about);
  if (scope.resolve(expression.name).kind === 'global') return writeVariable(expression.name, place);
  const unit = writeUnit(expression, place, about);
  return writer.with(1, (slot) => {
    const variable = writeVariable(expression.name, place);
    const isMissing = `(${slot} = ${variable}) === undefined || (${slot} instanceof Thunk && ${slot}.isRunning)`;
    return `(${isMissing} ? new Thunk(${unit}, ${writer.access.frame}) : ${slot})`;
  });
}

export function writeElements(elements: readonly Expression[], place: Place): string {
  return elements.map((element) => writeArgument(element, place)).join(', ');
}

function writeVariable(name: string, { scope, writer }: Place): string {
  const found = scope.resolve(name);
  if (found.kind === 'global') return writer.program.constant(found.slot);
  return writer.variable(found.depth, found.index);
}

function writeLater(expression: Expression, place: Place, about: string | AttributeKey): string {
  if (isMadeAtOnce(expression)) return writeValue(expression, place);
  const thunk = `new Thunk(${writeUnit(expression, place, about)}, ${place.writer.access.frame})`;
  return isTried(expression) ? writeTried(expression, place, thunk) : thunk;
}

/** Arithmetic is done at once where its operands are numbers already. */
function writeTried(expression: Expression, place: Place, thunk: string): string {
  return place.writer.with(countParts(expression, 0), (...names) => {
    const attempt = writeAttempt(expression, place, names);
    return attempt === undefined ? thunk : `(${attempt.test} ? ${attempt.result} : ${thunk})`;
  });
}

/** A function that gives the result of another where it is at hand, from a frame that it does not keep. */
export function writeResultAtHand(
  expression: Expression,
  scope: Scope,
  program: Program,
): string | undefined {
  if (!isResultTried(expression)) return undefined;
  const access = { frame: 'f', outer: 'f[0]', locals: new Map<number, string>() };
  const writer = new FunctionWriter(program, access);
  const attempted = writer.with(countParts(expression, 0), (...names) => {
    const attempt = writeAttempt(expression, { scope, writer }, names);
    return attempt === undefined ? '' : `${attempt.test} ? ${attempt.result} : undefined`;
  });
  return attempted === '' ? undefined : `function (f) { ${writer.body('', attempted)} }`;
}

interface Attempt {
  /** Whether the result is at hand; it leaves the result where `result` says. */
  readonly test: string;
  readonly result: string;
}

function writeAttempt(expression: Expression, place: Place, names: string[]): Attempt | undefined {
  if (expression.kind === 'integer') {
    if (typeof expression.value !== 'number') return undefined;
    return { test: 'true', result: writeInteger(expression.value, place) };
  }
  if (expression.kind === 'name') return writeKnown(expression.name, place, names);
  if (expression.kind !== 'binary') return undefined;
  const left = writeAttempt(expression.left, place, names);
  const right = writeAttempt(expression.right, place, names);
  const result = names.pop();
  if (left === undefined || right === undefined || result === undefined) return undefined;
  const operands = [left.test, right.test].filter((test) => test !== 'true');
  const { operator } = expression;
  if (operator === '/') {
    const quotient = `(${result} = Math.trunc(${left.result} / ${right.result}) + 0, true)`;
    return { test: [...operands, `${right.result} !== 0`, quotient].join(' && '), result };
  }
  if (operator === '+' || operator === '-' || operator === '*') {
    const sum = `${left.result} ${operator} ${right.result}${operator === '*' ? ' + 0' : ''}`;
    const bounds = `(${result} = ${sum}) <= ${Number.MAX_SAFE_INTEGER} && ${result} >= ${Number.MIN_SAFE_INTEGER}`;
    return { test: [...operands, bounds].join(' && '), result };
  }
  const sign = operator === '==' || operator === '!=' ? `${operator}=` : operator;
  const compared = `((${result} = ${left.result} ${sign} ${right.result}), true)`;
  return { test: [...operands, compared].join(' && '), result };
}

function writeKnown(name: string, place: Place, names: string[]): Attempt | undefined {
  const found = place.scope.resolve(name);
  const value = names.pop();
  if (found.kind === 'global' || value === undefined) return undefined;
  const variable = writeVariable(name, place);
  if (place.writer.forced.has(`${found.depth}:${found.index}`)) {
    return { test: `typeof (${value} = ${variable}) === 'number'`, result: value };
  }
  return {
    test: `(typeof (${value} = ${variable}) === 'number' || (${value} instanceof Thunk && ${value}.unit === undefined && typeof (${value} = ${value}.content) === 'number'))`,
    result: value,
  };
}

/** The unit that the expression waits as, whose function is written too. */
function writeUnit(expression: Expression, { scope, writer }: Place, about: string | AttributeKey): string {
  const unit = new TextUnit(expression, scope, about);
  const write = needsFrame(expression, new KnownBuiltins(scope)) ? writeWithFrame : writeWithin;
  return writer.program.addUnit(unit, () => write(expression, { scope, writer }, unit));
}

/** A function that runs in the frame of what is around it. */
function writeWithin(expression: Expression, { scope, writer }: Place, unit: Unit): string {
  const access = { frame: 'f', outer: 'f[0]', locals: new Map<number, string>() };
  const inner = new FunctionWriter(writer.program, access);
  const result = writeValue(expression, { scope, writer: inner });
  return `function (f) { ${inner.body('', result, unit)} }`;
}

function writeWithFrame(expression: Expression, { scope, writer }: Place, unit: Unit): string {
  const access = { frame: 'f', outer: 'outer', locals: new Map<number, string>() };
  const inner = new FunctionWriter(writer.program, access);
  const own = scope.withFrame([]);
  const result = writeValue(expression, { scope: own, writer: inner });
  const slots = ', undefined'.repeat(own.layout.size - 1);
  return `function (outer) { const f = [outer${slots}]; ${inner.body('', result, unit)} }`;
}
