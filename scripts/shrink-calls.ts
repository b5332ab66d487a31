/**
 * Gives calls that pass the same constants a function of their own, which passes them on: of `fail` with its code and its
 * three zeros only the text is left to be passed. Works on the text form of a module, whose expressions are lists.
 */
type Expression = string | Expression[];

interface Group {
  readonly target: string;
  /** The constants by their places among the arguments. */
  readonly constants: ReadonlyMap<number, Expression>;
  readonly calls: readonly Expression[][];
  readonly gain: number;
}

/** What a function costs besides what it does: its entries in two sections, its length, its locals and its end. */
const functionBytes = 5;
const callBytes = 3;
const argumentBytes = 2;

export function shrinkCalls(text: string): string {
  const [module] = parse(text) as [Expression[]];
  for (let count = 0; ; count++) {
    const best = bestGroup(module);
    if (best === undefined) return print(module);
    module.push(makeFunction(module, best, `$shared${count}`));
  }
}

/** The calls that save most by being given a function. */
function bestGroup(module: Expression[]): Group | undefined {
  let best: Group | undefined;
  for (const [target, calls] of callsByTarget(module)) {
    for (const group of groupsOf(target, calls)) {
      if (group.gain > (best?.gain ?? 0)) best = group;
    }
  }
  return best;
}

function callsByTarget(module: Expression[]): ReadonlyMap<string, readonly Expression[][]> {
  const defined = new Set(module.flatMap((field) => (isList(field, 'func') ? [field[1] as string] : [])));
  const calls = new Map<string, Expression[][]>();
  const visit = (expression: Expression): void => {
    if (typeof expression === 'string') return;
    for (const child of expression) visit(child);
    const target = expression[1];
    if (expression[0] !== 'call' || typeof target !== 'string' || !defined.has(target)) return;
    if (!calls.has(target)) calls.set(target, []);
    calls.get(target)?.push(expression);
  };
  visit(module);
  return calls;
}

/** The calls of one function, by each choice of arguments that may be constants, and by those constants. */
function groupsOf(target: string, calls: readonly Expression[][]): readonly Group[] {
  const groups = new Map<string, Expression[][]>();
  for (const call of calls) {
    const places = call.flatMap((argument, index) => (isConstant(argument) ? [index] : []));
    for (let choice = 1; choice < 1 << places.length; choice++) {
      const chosen = places.filter((_, bit) => (choice >> bit) & 1);
      const key = JSON.stringify(chosen.map((place) => [place, call[place]]));
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key)?.push(call);
    }
  }
  return [...groups].map(([key, members]) => {
    const constants = new Map(JSON.parse(key) as [number, Expression][]);
    const saved = [...constants.values()].reduce((sum, constant) => sum + sizeOf(constant), 0);
    const others = (members[0]?.length ?? 0) - 2 - constants.size;
    const cost = functionBytes + callBytes + saved + others * argumentBytes;
    return { target, constants, calls: members, gain: saved * members.length - cost };
  });
}

/** The function that passes the constants on; the calls are changed to call it. */
function makeFunction(module: Expression[], { target, constants, calls }: Group, name: string): Expression {
  const definition = module.find((field) => isList(field, 'func') && field[1] === target) as Expression[];
  const parameters = definition.filter((part) => isList(part, 'param'));
  const results = definition.filter((part) => isList(part, 'result'));
  for (const call of calls) {
    call.splice(
      0,
      call.length,
      'call',
      name,
      ...call.slice(2).filter((_, index) => !constants.has(index + 2)),
    );
  }
  const kept = parameters.filter((_, index) => !constants.has(index + 2));
  const passed = parameters.map(
    (parameter, index) => constants.get(index + 2) ?? ['local.get', parameter[1] as string],
  );
  return ['func', name, ...kept, ...results, ['call', target, ...passed]];
}

function isList(expression: Expression, head: string): expression is Expression[] {
  return typeof expression !== 'string' && expression[0] === head;
}

function isConstant(expression: Expression): boolean {
  return isList(expression, 'i32.const') || isList(expression, 'i64.const');
}

/** A constant's bytes: its code, and seven bits with a sign in each byte. */
function sizeOf(constant: Expression): number {
  const value = BigInt(constant[1] as string);
  const bits = (value < 0n ? -value - 1n : value).toString(2).length + 1;
  return 1 + Math.ceil(bits / 7);
}

function parse(text: string): Expression[] {
  const stack: Expression[][] = [[]];
  for (const [token] of text.matchAll(/\(;.*?;\)|;;[^\n]*|[()]|"(?:[^"\\]|\\.)*"|[^\s()"]+/gs)) {
    if (token.startsWith('(;') || token.startsWith(';;')) continue;
    if (token === '(') stack.push([]);
    else if (token !== ')') stack.at(-1)?.push(token);
    else {
      const list = stack.pop() as Expression[];
      stack.at(-1)?.push(list);
    }
  }
  return stack[0] as Expression[];
}

function print(expression: Expression): string {
  return typeof expression === 'string' ? expression : `(${expression.map((part) => print(part)).join(' ')})`;
}
