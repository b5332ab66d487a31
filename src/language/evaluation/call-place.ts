import type { Source, Span } from '../../diagnostics/index.ts';
import type { ApplyExpression, Expression, Located } from '../syntax/index.ts';

/** The kind of a value that is seen from how it is written; `other` is none of those that have a name here. */
export type WrittenKind = 'integer' | 'float' | 'string' | 'list' | 'attributes' | 'lambda' | 'other';

/** An argument of a call. */
interface ArgumentPlace {
  readonly span: Span;
  /** Undefined where the argument may have a value of any kind. */
  readonly kind: WrittenKind | undefined;
}

/** The parts of a call such as `f x y`, for errors that are about one of them. */
export interface CallPlace {
  /** The text of what is called. */
  readonly callee: string;
  readonly calleeSpan: Span;
  readonly arguments: readonly ArgumentPlace[];
}

const kinds: Partial<Record<Expression['kind'], WrittenKind>> = {
  integer: 'integer',
  float: 'float',
  string: 'string',
  list: 'list',
  attributes: 'attributes',
  lambda: 'lambda',
  path: 'other',
  island: 'other',
  'has-attribute': 'other',
};

interface File {
  readonly source: Source;
  spanOf(located: Located): Span;
}

export function callPlaceOf(expression: ApplyExpression, file: File): CallPlace {
  const places: ArgumentPlace[] = [];
  let callee: Expression = expression;
  while (callee.kind === 'apply') {
    const { argument } = callee;
    places.unshift({ span: file.spanOf(argument), kind: kinds[argument.kind] });
    callee = callee.function;
  }
  const calleeSpan = file.spanOf(callee);
  return {
    callee: file.source.text.slice(calleeSpan.start, calleeSpan.end),
    calleeSpan,
    arguments: places,
  };
}
