import { unreachable } from '../../../foundation/index.ts';
import type { BinaryExpression, Expression, UnaryExpression } from '../../syntax/index.ts';
import { operandSites } from '../compile/operators.ts';
import type { Site } from '../fault.ts';
import type { Place } from './function-writer.ts';
import { writeValue } from './write-value.ts';

export function writeBinary(expression: BinaryExpression, place: Place): string {
  switch (expression.operator) {
    case '->':
    case '||':
    case '&&':
      return writeLogical(expression, place);
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return writeComparison(expression, place);
    case '//':
    case '++':
    case '+':
    case '-':
    case '*':
    case '/':
      return writeComputation(expression, place);
    default:
      return unreachable(expression.operator);
  }
}

const arithmetic = { '+': 'addValues', '-': 'subtract', '*': 'multiply' } as const;

/** What makes of two values a third. */
function writeComputation(expression: BinaryExpression, place: Place): string {
  const { operator, left, right } = expression;
  const { writer, scope } = place;
  return writer.with(3, (a, b, result) => {
    const operands = `${a} = ${writeValue(left, place)}, ${b} = ${writeValue(right, place)}`;
    const sites = writer.program.constant(operandSites(expression, scope));
    if (operator === '//') return `(${operands}, updateValues(${a}, ${b}, ${sites}))`;
    if (operator === '++') return `(${operands}, joinLists(${a}, ${b}, ${sites}))`;
    if (operator === '/') {
      const isPlain = `${bothNumbers(left, a, right, b)} && ${b} !== 0`;
      return `(${operands}, ${isPlain} ? Math.trunc(${a} / ${b}) + 0 : divide(${a}, ${b}, ${sites}))`;
    }
    const slow = arithmetic[operator as keyof typeof arithmetic];
    const sum = `${result} = ${a} ${operator} ${b}${operator === '*' ? ' + 0' : ''}`;
    const isExact = `${bothNumbers(left, a, right, b)} && (${sum}) <= ${Number.MAX_SAFE_INTEGER} && ${result} >= ${Number.MIN_SAFE_INTEGER}`;
    const otherwise = `${slow}(${a}, ${b}, ${sites})`;
    if (operator !== '+') return `(${operands}, ${isExact} ? ${result} : ${otherwise})`;
    const texts = `typeof ${a} === 'string' && typeof ${b} === 'string' ? ${a} + ${b} : ${otherwise}`;
    return `(${operands}, ${isExact} ? ${result} : ${texts})`;
  });
}

/** Whether both operands are integers that are numbers; what the text shows of them is not asked. */
function bothNumbers(left: Expression, a: string, right: Expression, b: string): string {
  const tests: string[] = [];
  if (!isSmall(left)) tests.push(`typeof ${a} === 'number'`);
  if (!isSmall(right)) tests.push(`typeof ${b} === 'number'`);
  return tests.length === 0 ? 'true' : tests.join(' && ');
}

function isSmall(expression: Expression): boolean {
  return expression.kind === 'integer' && typeof expression.value === 'number';
}

const comparisons = { '<': '<', '<=': '<=', '>': '>', '>=': '>=' } as const;

/** The result is a boolean of JavaScript too. */
function writeComparison(expression: BinaryExpression, place: Place): string {
  const { operator, left, right } = expression;
  const { writer, scope } = place;
  if ((operator === '==' || operator === '!=') && isEmptyList(right))
    return writeEmptiness(expression, place);
  return writer.with(2, (a, b) => {
    const operands = `${a} = ${writeValue(left, place)}, ${b} = ${writeValue(right, place)}`;
    const numbers = bothNumbers(left, a, right, b);
    if (operator === '==' || operator === '!=') {
      const plain = `(${numbers}) || (typeof ${a} === 'string' && typeof ${b} === 'string')`;
      return `(${operands}, ${plain} ? ${a} ${operator}= ${b} : ${operator === '!=' ? '!' : ''}equal(${a}, ${b}))`;
    }
    const sign = comparisons[operator as keyof typeof comparisons];
    const site = writer.program.constant(scope.file.siteOf(expression));
    return `(${operands}, ${numbers} ? ${a} ${sign} ${b} : compare(${a}, ${b}, ${site}) ${sign} 0)`;
  });
}

function isEmptyList(expression: Expression): boolean {
  return expression.kind === 'list' && expression.elements.length === 0;
}

/** A comparison with `[ ]` needs no list. */
function writeEmptiness({ operator, left }: BinaryExpression, place: Place): string {
  return place.writer.with(1, (value) => {
    const isEmpty = `(${value} = ${writeValue(left, place)}, ${value} instanceof Array && ${value}.length === 0)`;
    return operator === '==' ? isEmpty : `!${isEmpty}`;
  });
}

function writeLogical(expression: BinaryExpression, place: Place): string {
  const { operator } = expression;
  const { writer, scope } = place;
  const what = `an operand of '${operator}'`;
  const left = writeBoolean(expression.left, place, scope.file.siteOf(expression.left), what);
  const right = writer.branch(() =>
    writeBoolean(expression.right, place, scope.file.siteOf(expression.right), what),
  );
  if (operator === '&&') return `(${left} && ${right})`;
  return operator === '||' ? `(${left} || ${right})` : `(!${left} || ${right})`;
}

const booleanOperators: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', '&&', '||', '->']);

/** An expression that is a boolean, or else is told to have to be one. */
export function writeBoolean(expression: Expression, place: Place, site: Site, what: string): string {
  const value = writeValue(expression, place);
  const isBoolean =
    (expression.kind === 'binary' && booleanOperators.has(expression.operator)) ||
    (expression.kind === 'unary' && expression.operator === '!') ||
    expression.kind === 'has-attribute';
  if (isBoolean) return value;
  const { writer } = place;
  const siteName = writer.program.constant(site);
  return writer.with(
    1,
    (name) =>
      `((${name} = ${value}) === true || (${name} !== false && booleanOf(${name}, ${siteName}, ${JSON.stringify(what)})))`,
  );
}

export function writeUnary(expression: UnaryExpression, place: Place): string {
  const { operand, operator } = expression;
  const site = place.scope.file.siteOf(operand);
  if (operator === '!') return `!${writeBoolean(operand, place, site, "the operand of '!'")}`;
  return `negate(${writeValue(operand, place)}, ${place.writer.program.constant(site)})`;
}
