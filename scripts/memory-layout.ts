/**
 * Gives the rooms that AssemblyScript sources ask `memory.data` for, which hold nothing at first, their addresses: the smallest
 * rooms, of which there are most, have the lowest addresses, which take the fewest bytes in the code.
 */
import {
  AssertionExpression,
  type AssertionKind,
  BinaryExpression,
  CallExpression,
  type Expression,
  IdentifierExpression,
  IntegerLiteralExpression,
  Node,
  ParenthesizedExpression,
  PropertyAccessExpression,
  type Source,
  VariableDeclaration,
  operatorTokenToString,
} from 'assemblyscript';

/** As the compiler aligns rooms for which nothing else is asked. */
const USUAL_ALIGNMENT = 16;
const PREFIX = 0 as AssertionKind;

const operations: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '<<': (left, right) => left << right,
  '>>': (left, right) => left >> right,
};

interface Room {
  readonly call: CallExpression;
  readonly size: number;
  readonly alignment: number;
}

/** Writes addresses from `start` on in place of the calls, and answers where the last room ends. */
export function layOutRooms(sources: readonly Source[], start: number): number {
  const rooms = sources.flatMap((source) => roomsIn(source, sources));
  const addresses = new Map<object, number>();
  let end = start;
  for (const { call, size, alignment } of rooms.toSorted((a, b) => a.size - b.size)) {
    const address = Math.ceil(end / alignment) * alignment;
    addresses.set(call, address);
    end = address + size;
  }
  for (const source of sources) replaceCalls(source, addresses);
  return end;
}

function roomsIn(source: Source, sources: readonly Source[]): Room[] {
  const rooms: Room[] = [];
  visit(source, (node) => {
    if (!(node instanceof CallExpression) || !isMemoryData(node.expression)) return;
    const [size, alignment] = node.args;
    if (size === undefined || node.typeArguments !== null) return;
    rooms.push({
      call: node,
      size: evaluate(size, source, sources),
      alignment: alignment === undefined ? USUAL_ALIGNMENT : evaluate(alignment, source, sources),
    });
  });
  return rooms;
}

function isMemoryData(callee: Expression): boolean {
  return (
    callee instanceof PropertyAccessExpression &&
    callee.expression instanceof IdentifierExpression &&
    callee.expression.text === 'memory' &&
    callee.property.text === 'data'
  );
}

/** The value of an expression of numbers and constants. */
function evaluate(node: Expression, source: Source, sources: readonly Source[]): number {
  if (node instanceof IntegerLiteralExpression) return Number(node.range.toString().replaceAll('_', ''));
  if (node instanceof ParenthesizedExpression || node instanceof AssertionExpression)
    return evaluate(node.expression, source, sources);
  if (node instanceof IdentifierExpression) return evaluateConstant(node.text, source, sources);
  if (node instanceof BinaryExpression) {
    const operation = operations[operatorTokenToString(node.operator)];
    if (operation !== undefined)
      return operation(evaluate(node.left, source, sources), evaluate(node.right, source, sources));
  }
  throw new Error(`the size of a room is no plain number: ${node.range.toString()}`);
}

/** The constant of that name in the source, else the one that all others have between them. */
function evaluateConstant(name: string, source: Source, sources: readonly Source[]): number {
  const found = [source, ...sources].find((one) => constantIn(one, name) !== undefined);
  const value = found === undefined ? undefined : constantIn(found, name);
  if (found === undefined || value === undefined) throw new Error(`there is no constant ${name}`);
  return evaluate(value, found, sources);
}

function constantIn(source: Source, name: string): Expression | undefined {
  let value: Expression | undefined;
  visit(source, (node) => {
    if (node instanceof VariableDeclaration && node.name.text === name)
      value ??= node.initializer ?? undefined;
  });
  return value;
}

function visit(node: object, seen: (node: object) => void): void {
  seen(node);
  for (const child of Object.values(node)) {
    if (Array.isArray(child) || child instanceof Node) visit(child, seen);
  }
}

function replaceCalls(node: object, addresses: ReadonlyMap<object, number>): void {
  for (const [key, child] of Object.entries(node)) {
    const address = child instanceof CallExpression ? addresses.get(child) : undefined;
    if (address !== undefined) Reflect.set(node, key, pointer(address, child.range));
    else if (Array.isArray(child) || child instanceof Node) replaceCalls(child, addresses);
  }
}

function pointer(address: number, range: CallExpression['range']): Node {
  const literal = Node.createIntegerLiteralExpression(i64_new(address), range);
  const type = Node.createNamedType(Node.createSimpleTypeName('usize', range), null, false, range);
  return Node.createAssertionExpression(PREFIX, literal, type, range);
}
