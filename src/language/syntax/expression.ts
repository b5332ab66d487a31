/**
 * The typed view of a file: what evaluation, completion and the other readers work with. `start` and `end` are
 * UTF-16 offsets into the file's text, the end excluded.
 */
export type Expression =
  | NameExpression
  | IntegerExpression
  | FloatExpression
  | StringExpression
  | PathExpression
  | IslandExpression
  | LambdaExpression
  | LetExpression
  | IfExpression
  | ApplyExpression
  | BinaryExpression
  | UnaryExpression
  | HasAttributeExpression
  | SelectExpression
  | ListExpression
  | AttributesExpression;

export interface Located {
  readonly start: number;
  readonly end: number;
}

export interface NameExpression extends Located {
  readonly kind: 'name';
  readonly name: string;
}

export interface IntegerExpression extends Located {
  readonly kind: 'integer';
  /** A number where it is safe, a big integer beyond. */
  readonly value: number | bigint;
}

export interface FloatExpression extends Located {
  readonly kind: 'float';
  readonly value: number;
}

/** Text with interpolations; neighbouring texts are merged and empty ones left out. */
export type Parts = readonly (string | Expression)[];

export interface StringExpression extends Located {
  readonly kind: 'string';
  readonly parts: Parts;
}

/** A path as written, beginning with `./`, `../` or `/`. */
export interface PathExpression extends Located {
  readonly kind: 'path';
  readonly parts: Parts;
}

/** `<type:body::/subtree>/path`, or `<type:{ options }>/path`. */
export interface IslandExpression extends Located {
  readonly kind: 'island';
  readonly type: string;
  readonly body: Parts | AttributesExpression;
  /** What stands behind `::/`; empty where nothing does. */
  readonly subtree: Parts;
  /** What stands behind `>`, beginning with `/`; empty where nothing does: then the value is the island itself. */
  readonly path: Parts;
}

export interface LambdaExpression extends Located {
  readonly kind: 'lambda';
  readonly parameter: Parameter;
  readonly body: Expression;
}

export type Parameter = NameParameter | PatternParameter;

export interface NameParameter extends Located {
  readonly kind: 'name';
  readonly name: string;
}

/** `{ a, b = default, ... }`, with `args @` before it where `bind` is given. */
export interface PatternParameter extends Located {
  readonly kind: 'pattern';
  readonly bind?: NameParameter | undefined;
  readonly fields: readonly PatternField[];
  readonly open: boolean;
}

export interface PatternField extends Located {
  readonly name: string;
  readonly fallback?: Expression | undefined;
}

export interface LetExpression extends Located {
  readonly kind: 'let';
  readonly bindings: readonly Binding[];
  readonly body: Expression;
}

export interface IfExpression extends Located {
  readonly kind: 'if';
  readonly condition: Expression;
  readonly whenTrue: Expression;
  readonly whenFalse: Expression;
}

/** `f x`, and `f <| x` and `x |> f`, which mean the same. */
export interface ApplyExpression extends Located {
  readonly kind: 'apply';
  readonly function: Expression;
  readonly argument: Expression;
}

export type BinaryOperator =
  '->' | '||' | '&&' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '//' | '++' | '+' | '-' | '*' | '/';

export interface BinaryExpression extends Located {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly operatorStart: number;
  readonly left: Expression;
  readonly right: Expression;
}

export interface UnaryExpression extends Located {
  readonly kind: 'unary';
  readonly operator: '!' | '-';
  readonly operand: Expression;
}

/** `subject ? a.b`. */
export interface HasAttributeExpression extends Located {
  readonly kind: 'has-attribute';
  readonly subject: Expression;
  readonly path: readonly AttributeKey[];
}

/** `subject.a.b`, `subject.a.b or fallback`. */
export interface SelectExpression extends Located {
  readonly kind: 'select';
  readonly subject: Expression;
  readonly path: readonly AttributeKey[];
  readonly fallback?: Expression | undefined;
}

/** An attribute's name; with more than one part, or an expression as part, it is known only by evaluation. */
export interface AttributeKey extends Located {
  readonly parts: Parts;
}

export interface ListExpression extends Located {
  readonly kind: 'list';
  readonly elements: readonly Expression[];
}

/** `{ a = 1, b.c = 2, d, }`, with `self @` before it where `bind` is given. */
export interface AttributesExpression extends Located {
  readonly kind: 'attributes';
  readonly bind?: NameParameter | undefined;
  readonly bindings: readonly Binding[];
}

/** `a.b = value`; a bare `d` is the binding of `d` to the name `d`. */
export interface Binding extends Located {
  readonly path: readonly AttributeKey[];
  readonly value: Expression;
}
