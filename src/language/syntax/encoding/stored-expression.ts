import type {
  ApplyExpression,
  AttributeKey,
  AttributesExpression,
  BinaryExpression,
  BinaryOperator,
  Binding,
  Expression,
  HasAttributeExpression,
  IfExpression,
  IslandExpression,
  LambdaExpression,
  LetExpression,
  ListExpression,
  NameParameter,
  Parameter,
  Parts,
  SelectExpression,
  UnaryExpression,
} from '../expression.ts';
import { operators, tags } from './format.ts';
import { Cursor, type StoredSyntax } from './stored-syntax.ts';

/** The expression whose record lies at `place`. What is within it is read when it is asked for. */
export function storedExpression(syntax: StoredSyntax, place: number): Expression {
  const { words } = syntax;
  const start = words[place + 1] as number;
  const end = words[place + 2] as number;
  switch (words[place] as number) {
    case tags.name:
      return { kind: 'name', name: syntax.string(place + 3), start, end };
    case tags.integer:
      return { kind: 'integer', value: words[place + 3] as number, start, end };
    case tags['big-integer']:
      return { kind: 'integer', value: integerOf(syntax.string(place + 3)), start, end };
    case tags.float:
      return { kind: 'float', value: Number(syntax.string(place + 3)), start, end };
    case tags.string:
      return new StoredText(syntax, place, 'string');
    case tags.path:
      return new StoredText(syntax, place, 'path');
    case tags.island:
      return storedIsland(syntax, place);
    case tags.lambda:
      return new StoredLambda(syntax, place);
    case tags.let:
      return new StoredLet(syntax, place);
    case tags.if:
      return new StoredIf(syntax, place);
    case tags.apply:
      return new StoredApply(syntax, place);
    case tags.binary:
      return new StoredBinary(syntax, place);
    case tags.unary:
      return new StoredUnary(syntax, place);
    case tags['has-attribute']:
      return new StoredHasAttribute(syntax, place);
    case tags.select:
      return new StoredSelect(syntax, place);
    case tags.list:
      return new StoredList(syntax, place);
    case tags.attributes:
      return new StoredAttributes(syntax, place);
    default:
      throw new Error(`an encoding of syntax has no record at word ${place}`);
  }
}

function integerOf(digits: string): number | bigint {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}

function storedIsland(syntax: StoredSyntax, place: number): IslandExpression {
  const cursor = new Cursor(syntax, place + 1);
  const start = cursor.word();
  const end = cursor.word();
  const type = cursor.string();
  const options = cursor.word();
  const body = options === 0 ? cursor.parts() : (syntax.expression(options) as AttributesExpression);
  return { kind: 'island', type, body, subtree: cursor.parts(), path: cursor.parts(), start, end };
}

abstract class Stored {
  readonly start: number;
  readonly end: number;
  protected readonly syntax: StoredSyntax;
  protected readonly place: number;

  constructor(syntax: StoredSyntax, place: number) {
    this.start = syntax.words[place + 1] as number;
    this.end = syntax.words[place + 2] as number;
    this.syntax = syntax;
    this.place = place;
  }

  /** Reads from a field of the record on: the first is that behind the end. */
  protected from(field: number): Cursor {
    return new Cursor(this.syntax, this.place + 3 + field);
  }

  protected referred(field: number): Expression {
    return this.syntax.referred(this.place + 3 + field);
  }
}

class StoredText<Kind extends 'string' | 'path'> extends Stored {
  readonly kind: Kind;
  #parts: Parts | undefined;

  constructor(syntax: StoredSyntax, place: number, kind: Kind) {
    super(syntax, place);
    this.kind = kind;
  }

  get parts(): Parts {
    return (this.#parts ??= this.from(0).parts());
  }
}

class StoredLambda extends Stored implements LambdaExpression {
  readonly kind = 'lambda';
  #parameter: Parameter | undefined;
  #body: Expression | undefined;

  get body(): Expression {
    return (this.#body ??= this.referred(0));
  }

  get parameter(): Parameter {
    return (this.#parameter ??= this.from(1).parameter());
  }
}

class StoredLet extends Stored implements LetExpression {
  readonly kind = 'let';
  #bindings: readonly Binding[] | undefined;
  #body: Expression | undefined;

  get body(): Expression {
    return (this.#body ??= this.referred(0));
  }

  get bindings(): readonly Binding[] {
    return (this.#bindings ??= this.from(1).bindings());
  }
}

class StoredIf extends Stored implements IfExpression {
  readonly kind = 'if';
  #condition: Expression | undefined;
  #whenTrue: Expression | undefined;
  #whenFalse: Expression | undefined;

  get condition(): Expression {
    return (this.#condition ??= this.referred(0));
  }

  get whenTrue(): Expression {
    return (this.#whenTrue ??= this.referred(1));
  }

  get whenFalse(): Expression {
    return (this.#whenFalse ??= this.referred(2));
  }
}

class StoredApply extends Stored implements ApplyExpression {
  readonly kind = 'apply';
  #function: Expression | undefined;
  #argument: Expression | undefined;

  get function(): Expression {
    return (this.#function ??= this.referred(0));
  }

  get argument(): Expression {
    return (this.#argument ??= this.referred(1));
  }
}

class StoredBinary extends Stored implements BinaryExpression {
  readonly kind = 'binary';
  #left: Expression | undefined;
  #right: Expression | undefined;

  get operator(): BinaryOperator {
    return operators[this.from(0).word()] as BinaryOperator;
  }

  get operatorStart(): number {
    return this.from(1).word();
  }

  get left(): Expression {
    return (this.#left ??= this.referred(2));
  }

  get right(): Expression {
    return (this.#right ??= this.referred(3));
  }
}

class StoredUnary extends Stored implements UnaryExpression {
  readonly kind = 'unary';
  #operand: Expression | undefined;

  get operator(): '!' | '-' {
    return this.from(0).word() === 1 ? '!' : '-';
  }

  get operand(): Expression {
    return (this.#operand ??= this.referred(1));
  }
}

class StoredHasAttribute extends Stored implements HasAttributeExpression {
  readonly kind = 'has-attribute';
  #subject: Expression | undefined;
  #path: readonly AttributeKey[] | undefined;

  get subject(): Expression {
    return (this.#subject ??= this.referred(0));
  }

  get path(): readonly AttributeKey[] {
    return (this.#path ??= this.from(1).path());
  }
}

class StoredSelect extends Stored implements SelectExpression {
  readonly kind = 'select';
  #subject: Expression | undefined;
  #fallback: Expression | undefined;
  #path: readonly AttributeKey[] | undefined;

  get subject(): Expression {
    return (this.#subject ??= this.referred(0));
  }

  get fallback(): Expression | undefined {
    return (this.#fallback ??= this.syntax.optional(this.place + 4));
  }

  get path(): readonly AttributeKey[] {
    return (this.#path ??= this.from(2).path());
  }
}

class StoredList extends Stored implements ListExpression {
  readonly kind = 'list';
  #elements: readonly Expression[] | undefined;

  get elements(): readonly Expression[] {
    return (this.#elements ??= this.#read());
  }

  #read(): readonly Expression[] {
    const elements: Expression[] = [];
    const count = this.from(0).word();
    for (let index = 0; index < count; index++) elements.push(this.referred(index + 1));
    return elements;
  }
}

class StoredAttributes extends Stored implements AttributesExpression {
  readonly kind = 'attributes';
  /** Read at once: whether there is one decides how many words it takes. */
  readonly bind: NameParameter | undefined;
  #bindings: readonly Binding[] | undefined;

  constructor(syntax: StoredSyntax, place: number) {
    super(syntax, place);
    this.bind = this.from(0).bind();
  }

  get bindings(): readonly Binding[] {
    return (this.#bindings ??= this.from(this.bind === undefined ? 1 : 4).bindings());
  }
}
