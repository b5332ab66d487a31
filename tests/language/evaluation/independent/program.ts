import { unreachable } from '../../../../src/foundation/index.ts';

/**
 * Makes programs of the language from a list of numbers, each of which is a choice: an empty list makes the simplest program,
 * so that what shortens the list and makes its numbers smaller makes the program simpler. Programs are of one type through and
 * through, with seldom exceptions, and nearly all of them end.
 */
export type Type =
  | { readonly kind: 'number' | 'integer' | 'boolean' | 'string' }
  | { readonly kind: 'list'; readonly of: Type }
  | { readonly kind: 'attributes'; readonly fields: Readonly<Record<string, Type>> }
  | { readonly kind: 'function'; readonly from: Type; readonly to: Type };

type Variables = ReadonlyMap<string, Type>;

/** What stands around an expression. */
interface Place {
  readonly variables: Variables;
  /** How many levels it may have. */
  readonly depth: number;
  /** Whether it is evaluated often, so that loops in it have to be short. */
  readonly isHot: boolean;
}

const number: Type = { kind: 'number' };
const integer: Type = { kind: 'integer' };
const boolean: Type = { kind: 'boolean' };
const string: Type = { kind: 'string' };

/** Names that a program in JavaScript, which code may be turned into, could mix up with its own. */
const variableNames = [
  'a',
  'b',
  'c',
  'f',
  'x',
  'n',
  'go',
  "x'",
  'x-y',
  'this',
  'await',
  'arguments',
  '__proto__',
  'toUpper',
  'frame',
];
const attributeNames = ['a', 'b', 'c', '`1`', '`a b`', 'x-y', '__proto__', 'constructor', 'class', 'length'];
const integers = [
  '0',
  '1',
  '2',
  '3',
  '10',
  '299',
  '300',
  '301',
  '350',
  '1_000',
  '0x7FFF_FFFF',
  '0x8000_0000',
  '4294967296',
  '9007199254740991',
  '9007199254740992',
  '9007199254740993',
  '9223372036854775807',
  '123456789012345678901234567890',
  '-1',
  '-7',
  '-9007199254740991',
];
const floats = ['0.5', '-0.0', '1.0', '2.5', '1e15', '9007199254740992.0', '-1.5', '3e-5'];
const strings = ['""', '"a"', '"b"', '"ab"', '"\\u{1F600}"', '"\\u{FFFF}"', '"constructor"', '"x-y"'];

/** What a function made for small integers, or for any one type, does not expect. */
const oddValues = [
  '9007199254740993',
  '(-9007199254740991)',
  '4294967295',
  '0.5',
  '(-0.0)',
  '"text"',
  'null',
  '[ 1, ]',
  '{ a = 1, `1` = 2, }',
  '(x => x)',
  '(throw "odd")',
];

export class ProgramMaker {
  readonly #choices: readonly number[];
  #next = 0;
  #labels = 0;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  make(): string {
    const place = { variables: new Map<string, Type>(), depth: 6, isHot: false };
    if (this.#rarely(2)) return `[ ${this.#hotCalls(place)}, ${this.#hotCalls(place)}, ]`;
    return this.#expression(this.#type(2), place);
  }

  /** A function that has been called often with values of one type when it is given others, and each result of it. */
  #hotCalls(place: Place): string {
    const from = this.#oneOf([integer, number, this.#type(1)]);
    const values =
      from.kind === 'integer' ? '' : ` ++ ${this.#expression({ kind: 'list', of: from }, place)}`;
    const second = this.#type(1);
    const one = () => this.#function(from, this.#type(1), { ...hot(place), depth: 4 });
    const two = () => {
      const rest: Type = { kind: 'function', from: second, to: this.#type(1) };
      return this.#function(from, rest, { ...hot(place), depth: 4 });
    };
    const [callee, caller] = this.#oneOf<() => readonly [string, string]>([
      () => [one(), 'f'],
      () => [two(), `(x => f x ${this.#expression(second, place)})`],
      () => [two(), '(x => f x x)'],
      () => [one(), '(x => ({ y, z = y, } => f z) { y = x, })'],
    ])();
    const common = fits(integer, from)
      ? '(range 0 320)'
      : `(generateList ${this.#function(integer, from, hot(place))} 320)`;
    return `(let f = ${callee}, in map ${caller} (${common} ++ [ ${oddValues.join(', ')}, ]${values}))`;
  }

  #choose(count: number): number {
    return (this.#choices[this.#next++] ?? 0) % count;
  }

  /** True in one of so many cases. */
  #rarely(count: number): boolean {
    return this.#choose(count) === count - 1;
  }

  #oneOf<T>(items: readonly T[]): T {
    return items[this.#choose(items.length)] as T;
  }

  #type(depth: number): Type {
    const simple = [number, integer, string, boolean];
    if (depth === 0) return this.#oneOf(simple);
    return this.#oneOf<() => Type>([
      ...simple.map((type) => () => type),
      () => ({ kind: 'list', of: this.#type(depth - 1) }),
      () => this.#attributesType(depth - 1),
      () => this.#attributesType(depth - 1),
      () => ({ kind: 'function', from: this.#type(depth - 1), to: this.#type(depth - 1) }),
    ])();
  }

  #attributesType(depth: number): Type {
    const names = this.#names(attributeNames, 1 + this.#choose(3));
    return {
      kind: 'attributes',
      fields: Object.fromEntries(names.map((name) => [`.${name}`, this.#type(depth)])),
    };
  }

  /** Some of the names, none twice. */
  #names(names: readonly string[], count: number): readonly string[] {
    return [...new Set(Array.from({ length: count }, () => this.#oneOf(names)))];
  }

  #expression(type: Type, place: Place): string {
    if (place.depth <= 0) return this.#leaf(type, place);
    if (this.#rarely(60)) return this.#expression(this.#type(1), inner(place));
    const make = this.#oneOf<(type: Type, place: Place) => string>([
      (t, p) => this.#leaf(t, p),
      (t, p) => this.#leaf(t, p),
      (t, p) => this.#literal(t, p),
      (t, p) => this.#literal(t, p),
      (t, p) => this.#literal(t, p),
      (t, p) => this.#literal(t, p),
      (t, p) => this.#let(t, p),
      (t, p) => this.#if(t, p),
      (t, p) => this.#call(t, p),
      (t, p) => this.#selection(t, p),
      (t, p) => this.#control(t, p),
      (t, p) => this.#loop(t, p),
      (t, p) => this.#hotFunction(t, p),
      (t, p) => this.#ofList(t, p),
    ]);
    return make(type, inner(place));
  }

  /** A variable of the type if there is one, else the simplest value. */
  #leaf(type: Type, { variables }: Place): string {
    const names = [...variables].filter(([, other]) => fits(other, type)).map(([name]) => name);
    if (names.length > 0 && !this.#rarely(4)) return this.#oneOf(names.toReversed());
    switch (type.kind) {
      case 'integer':
        return parenthesized(this.#oneOf(integers));
      case 'number':
        return parenthesized(this.#oneOf([...integers, ...floats]));
      case 'boolean':
        return this.#oneOf(['true', 'false']);
      case 'string':
        return this.#rarely(8) ? '(readFile ./slow)' : this.#oneOf(strings);
      case 'list':
        return this.#rarely(6) ? '[ ]' : this.#shortList(type.of, variables);
      case 'attributes':
        return this.#attributes(type.fields, { variables, depth: 0, isHot: false });
      case 'function':
        return `(unused => ${this.#leaf(type.to, { variables, depth: 0, isHot: false })})`;
      default:
        return unreachable(type);
    }
  }

  #shortList(of: Type, variables: Variables): string {
    const elements = Array.from({ length: 1 + this.#choose(3) }, () =>
      this.#leaf(of, { variables, depth: 0, isHot: true }),
    );
    return `[ ${elements.map((element) => `${element}, `).join('')}]`;
  }

  #literal(type: Type, place: Place): string {
    switch (type.kind) {
      case 'number':
        return this.#number(number, ['+', '-', '*', '/'], place);
      case 'integer':
        return this.#number(integer, ['+', '-', '*', '/'], place);
      case 'boolean':
        return this.#boolean(place);
      case 'string':
        return this.#string(place);
      case 'list':
        return this.#list(type.of, place);
      case 'attributes':
        return this.#attributes(type.fields, place);
      case 'function':
        return this.#function(type.from, type.to, place);
      default:
        return unreachable(type);
    }
  }

  #number(type: Type, operators: readonly string[], place: Place): string {
    const e = () => this.#expression(type, place);
    const i = () => this.#expression(integer, place);
    return this.#oneOf([
      () => `(${e()} ${this.#oneOf(operators)} ${e()})`,
      () => `(${e()} ${this.#oneOf(operators)} ${e()})`,
      () => `(${e()} ${this.#oneOf(operators)} ${e()})`,
      () => `(- ${e()})`,
      () => `(absolute ${e()})`,
      () => `(${this.#oneOf(['modulo', 'bitAnd', 'bitOr', 'bitXor'])} ${i()} ${i()})`,
      () => `(${this.#oneOf(['floor', 'ceiling'])} ${e()})`,
      () => `(length ${this.#expression({ kind: 'list', of: this.#type(1) }, place)})`,
      () => `(stringLength ${this.#expression(string, place)})`,
      () => `(${this.#oneOf(['minimum', 'maximum'])} ${this.#expression({ kind: 'list', of: type }, place)})`,
    ])();
  }

  #boolean(place: Place): string {
    const e = (type: Type) => this.#expression(type, place);
    return this.#oneOf([
      () => this.#comparison(['==', '!='], this.#type(1), place),
      () =>
        this.#comparison(
          ['<', '<=', '>', '>='],
          this.#oneOf([number, integer, string, { kind: 'list', of: number }]),
          place,
        ),
      () => this.#comparison(['<', '<=', '>', '>='], number, place),
      () => `(${e(boolean)} ${this.#oneOf(['&&', '||', '->'])} ${e(boolean)})`,
      () => `(!${e(boolean)})`,
      () => `(${e(this.#attributesType(1))} ? ${this.#path()})`,
      () => `(${this.#oneOf(['isNull', 'isInteger', 'isFloat', 'isList'])} ${e(this.#type(1))})`,
      () => {
        const of = this.#type(1);
        return `(${this.#oneOf(['any', 'all'])} ${this.#function(of, boolean, hot(place))} ${e({ kind: 'list', of })})`;
      },
      () => {
        const of = this.#type(0);
        return `(contains ${e(of)} ${e({ kind: 'list', of })})`;
      },
      () => `(hasAttribute ${e(string)} ${e(this.#attributesType(1))})`,
    ])();
  }

  #comparison(operators: readonly string[], type: Type, place: Place): string {
    return `(${this.#expression(type, place)} ${this.#oneOf(operators)} ${this.#expression(type, place)})`;
  }

  #string(place: Place): string {
    const e = (type: Type) => this.#expression(type, place);
    return this.#oneOf([
      () => `(${e(string)} + ${e(string)})`,
      () => `"<\\(${e(integer)})\\(${e(string)})>"`,
      () => `(toString ${e(this.#oneOf([integer, boolean, string]))})`,
      () => `(typeOf ${e(this.#type(1))})`,
      () => `(join ${e(string)} ${e({ kind: 'list', of: string })})`,
    ])();
  }

  #list(of: Type, place: Place): string {
    const list: Type = { kind: 'list', of };
    const e = (type: Type) => this.#expression(type, place);
    const count = place.isHot ? ['3', '4'] : ['3', '40', '310', '400'];
    return this.#oneOf([
      () =>
        `[ ${Array.from({ length: this.#choose(4) }, () => `${this.#expression(of, place)}, `).join('')}]`,
      () => `(${e(list)} ++ ${e(list)})`,
      () => `(generateList ${this.#function(integer, of, hot(place))} ${this.#oneOf(count)})`,
      () => {
        const from = this.#type(1);
        return `(map ${this.#function(from, of, hot(place))} ${e({ kind: 'list', of: from })})`;
      },
      () => `(map ${this.#function(integer, of, hot(place))} (range 1 ${this.#oneOf(count)}))`,
      () => `(filter ${this.#function(of, boolean, hot(place))} ${e(list)})`,
      () => `(concatMap ${this.#function(integer, list, hot(place))} (range 0 ${this.#oneOf(count)}))`,
      () => `(${this.#oneOf(['reverse', 'tail', 'unique'])} ${e(list)})`,
      () => `(${this.#oneOf(['take', 'drop'])} ${this.#oneOf(['1', '2', '100'])} ${e(list)})`,
      () => `(attributeValues ${e({ kind: 'attributes', fields: { '.a': of, '.`1`': of } })})`,
      () => `(${this.#partition(of, place)}).${this.#oneOf(['right', 'wrong'])}`,
      () => {
        const elements = e({ kind: 'list', of: number });
        const sorted = `(let n = ${elements}, in forceDeep n (sort (a => b => ${this.#oneOf(['a < b', 'b < a', '(b <= a) == false'])}) n))`;
        return of.kind === 'number' ? sorted : e(list);
      },
      () => `(concatenateLists [ ${e(list)}, ${e(list)}, ])`,
    ])();
  }

  #partition(of: Type, place: Place): string {
    return `partition ${this.#function(of, boolean, hot(place))} ${this.#expression({ kind: 'list', of }, place)}`;
  }

  #attributes(fields: Readonly<Record<string, Type>>, place: Place): string {
    const names = Object.keys(fields).map((field) => field.slice(1));
    const value = (name: string, p = place) => this.#expression(fields[`.${name}`] as Type, p);
    const plain = () => `{ ${names.map((name) => `${name} = ${value(name)}, `).join('')}}`;
    if (place.depth <= 0) return plain();
    return this.#oneOf([
      plain,
      plain,
      () => `(${plain()} // ${this.#attributes(fields, inner(place))})`,
      () => {
        const variables = new Map(place.variables).set('self', { kind: 'attributes', fields });
        const bindings = names.map(
          (name) => `${name} = ${value(name, this.#rarely(3) ? { ...place, variables } : place)}, `,
        );
        return `(self @ { ${bindings.join('')}})`;
      },
      () => `(mapAttributes (${this.#oneOf(variableNames)} => x => x) ${plain()})`,
      () => `(intersectAttributes ${plain()} ${plain()})`,
      () => {
        const bindings = names.map((name) => `\`\\("${name.replaceAll('`', '')}")\` = ${value(name)}, `);
        return `{ ${bindings.join('')}}`;
      },
      () => this.#viaFields(names, fields, place),
    ])();
  }

  /** Attributes that their own function puts together from an argument with a pattern. */
  #viaFields(names: readonly string[], fields: Readonly<Record<string, Type>>, place: Place): string {
    const plain = names.filter((name) => !name.includes('`'));
    if (plain.length < names.length) return this.#attributes(fields, inner(place));
    const given = plain.filter(() => !this.#rarely(3));
    const pattern = plain.map((name) => {
      const isGiven = given.includes(name) && !this.#rarely(2);
      return isGiven ? `${name}, ` : `${name} = ${this.#expression(fields[`.${name}`] as Type, place)}, `;
    });
    const argument = given.map(
      (name) => `${name} = ${this.#expression(fields[`.${name}`] as Type, place)}, `,
    );
    const bind = this.#oneOf(['', 'whole @ ']);
    const result = plain.map((name) =>
      bind !== '' && given.includes(name) ? `${name} = whole.${name}, ` : `${name}, `,
    );
    return `((${bind}{ ${pattern.join('')}${this.#oneOf(['', '...'])} } => { ${result.join('')}}) { ${argument.join('')}})`;
  }

  #function(from: Type, to: Type, place: Place): string {
    const known = [...place.variables].filter(([, type]) => fits(type, { kind: 'function', from, to }));
    if (known.length > 0 && this.#rarely(3)) return this.#oneOf(known.map(([name]) => name));
    const name = this.#oneOf(variableNames);
    const body = this.#expression(to, { ...place, variables: new Map(place.variables).set(name, from) });
    const lambda = `(${name} => ${body})`;
    if (from.kind !== 'attributes' || this.#rarely(2)) return lambda;
    return this.#patternFunction(from.fields, to, place);
  }

  #patternFunction(fields: Readonly<Record<string, Type>>, to: Type, place: Place): string {
    const names = Object.keys(fields)
      .map((field) => field.slice(1))
      .filter((name) => !name.includes('`'));
    const isOpen = names.length < Object.keys(fields).length || this.#rarely(2);
    const variables = new Map(place.variables);
    for (const name of names) variables.set(name, fields[`.${name}`] as Type);
    const patterns = names.map((name) =>
      this.#rarely(3)
        ? `${name} = ${this.#expression(fields[`.${name}`] as Type, { ...place, variables, depth: 1 })}, `
        : `${name}, `,
    );
    const body = this.#expression(to, { ...place, variables });
    return `({ ${patterns.join('')}${isOpen ? '...' : ''} } => ${body})`;
  }

  #let(type: Type, place: Place): string {
    const names = this.#names(variableNames, 1 + this.#choose(3));
    const types = names.map(() => this.#type(2));
    const visible = new Map(place.variables);
    for (const [index, name] of names.entries()) visible.set(name, types[index] as Type);
    // Mostly a binding sees those before it; sometimes all, itself included.
    const seen = new Map(place.variables);
    for (const name of names) seen.delete(name);
    const bindings = names.map((name, index) => {
      const variables = this.#rarely(12) ? visible : new Map(seen);
      const text = `${name} = ${this.#expression(types[index] as Type, { ...place, variables })}`;
      seen.set(name, types[index] as Type);
      return text;
    });
    if (this.#rarely(3)) bindings.reverse();
    return `(let ${bindings.join(', ')}, in ${this.#expression(type, { ...place, variables: visible })})`;
  }

  #if(type: Type, place: Place): string {
    const condition = this.#expression(boolean, place);
    return `(if ${condition} then ${this.#expression(type, place)} else ${this.#expression(type, place)})`;
  }

  #call(type: Type, place: Place): string {
    const known = [...place.variables].filter(
      ([, other]) => other.kind === 'function' && fits(other.to, type),
    );
    const [name, callee] = known.length > 0 ? this.#oneOf(known) : [undefined, undefined];
    const from = callee?.kind === 'function' ? callee.from : this.#type(2);
    const text = name ?? this.#function(from, type, place);
    const argument = this.#expression(from, place);
    return this.#oneOf([
      () => `(${text} ${argument})`,
      () => `(${text} <| ${argument})`,
      () => `(${argument} |> ${text})`,
      () => this.#callOfTwo(type, place),
    ])();
  }

  #callOfTwo(type: Type, place: Place): string {
    const [first, second] = [this.#type(1), this.#type(1)];
    const text = this.#function(first, { kind: 'function', from: second, to: type }, place);
    return `(${text} ${this.#expression(first, place)} ${this.#expression(second, place)})`;
  }

  #selection(type: Type, place: Place): string {
    const name = this.#oneOf(attributeNames);
    const fields = { [`.${name}`]: type };
    const attributes = () => this.#expression({ kind: 'attributes', fields }, place);
    return this.#oneOf([
      () => `${attributes()}.${name}`,
      () => `(${attributes()}.${name} or ${this.#expression(type, place)})`,
      () =>
        `(${this.#expression(this.#attributesType(1), place)}.${this.#path()}.\`no such\` or ${this.#expression(type, place)})`,
      () => `(getAttribute "${name.replaceAll('`', '')}" ${attributes()})`,
      () => `({ a = { b.c = ${this.#expression(type, place)}, }, }).a.b.c`,
    ])();
  }

  #path(): string {
    return Array.from({ length: 1 + this.#choose(2) }, () => this.#oneOf(attributeNames)).join('.');
  }

  #control(type: Type, place: Place): string {
    const e = (other: Type) => this.#expression(other, place);
    return this.#oneOf([
      () => `(trace "${this.#label()}" ${e(type)})`,
      () => `(trace "${this.#label()}" ${e(type)})`,
      () => `(force ${e(this.#type(1))} ${e(type)})`,
      () => `(forceDeep ${e(this.#type(1))} ${e(type)})`,
      () => `(let tried = tryEvaluate ${e(type)}, in if tried.success then tried.value else ${e(type)})`,
      () => `(assert ${e(boolean)} ${e(type)})`,
      () => `(throw "${this.#label()}")`,
    ])();
  }

  /** A recursion that counts down, or a fold. */
  #loop(type: Type, place: Place): string {
    const count = this.#oneOf(place.isHot ? ['2', '3'] : ['2', '30', '310', '350']);
    const initial = this.#expression(type, place);
    const within = (names: Record<string, Type>): Place => {
      const variables = new Map(place.variables);
      for (const [name, other] of Object.entries(names)) variables.set(name, other);
      return { ...hot(place), variables };
    };
    const step = () => this.#expression(type, within({ n: integer, acc: type }));
    return this.#oneOf([
      () => `(foldLeft (acc => n => ${step()}) ${initial} (range 1 ${count}))`,
      () => `(let go = n => acc => if n == 0 then acc else go (n - 1) ${step()}, in go ${count} ${initial})`,
      () => `(let go = n => if n == 0 then ${initial} else (acc => ${step()}) (go (n - 1)), in go ${count})`,
      () => `(foldRight (n => acc => ${step()}) ${initial} (range 1 ${count}))`,
      () =>
        `(let go = { n, acc, } => if n <= 0 then acc else go { n = n - 1, acc = ${step()}, }, in go { n = ${count}, acc = ${initial}, })`,
      () =>
        `(let even = n => acc => if n == 0 then acc else odd (n - 1) ${step()}, odd = n => acc => if n == 0 then acc else even (n - 1) acc, in even ${count} ${initial})`,
    ])();
  }

  /** A function that becomes hot, and is then called with something else. */
  #hotFunction(type: Type, place: Place): string {
    if (place.isHot) return this.#expression(type, place);
    const from = this.#oneOf([number, integer, this.#type(1)]);
    const of: Type = { kind: 'list', of: from };
    const name = this.#oneOf(['f', 'await']);
    const variables = new Map(place.variables).set(name, { kind: 'function', from, to: type });
    const within = { ...place, variables };
    const many = fits(integer, from)
      ? '(range 0 320)'
      : `(generateList ${this.#function(integer, from, hot(place))} 320)`;
    const body = this.#expression(type, within);
    const callee = this.#function(from, type, hot(place));
    const other = this.#expression(of, place);
    const calls = `filter (x => (tryEvaluate (${name} x)).success) (${many} ++ ${other})`;
    return `(let ${name} = ${callee}, in force (${calls}) ${body})`;
  }

  #ofList(type: Type, place: Place): string {
    const list = this.#expression({ kind: 'list', of: type }, place);
    return this.#oneOf([
      () => `(head ${list})`,
      () => `(elementAt ${this.#oneOf(['0', '1', '2'])} ${list})`,
      () => `(let a = ${list}, in if a == [ ] then ${this.#expression(type, place)} else head a)`,
    ])();
  }

  #label(): string {
    return `${++this.#labels}`;
  }
}

function inner(place: Place): Place {
  return { ...place, depth: place.depth - 1 };
}

function hot(place: Place): Place {
  return { ...place, depth: Math.min(place.depth, 3), isHot: true };
}

function parenthesized(text: string): string {
  return text.startsWith('-') ? `(${text})` : text;
}

/** Whether a value of the first type is one of the second. */
function fits(type: Type, wanted: Type): boolean {
  if (type.kind === 'integer' && wanted.kind === 'number') return true;
  if (type.kind !== wanted.kind) return false;
  return JSON.stringify(type) === JSON.stringify(wanted);
}
