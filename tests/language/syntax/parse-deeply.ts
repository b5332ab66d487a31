/** Parses the shapes that it is given, so many levels deep, and prints what became of each. */
import { decodeSyntax, encodeSyntax, isSound, parse, printTree } from '../../../src/language/syntax/index.ts';
import { nestedShapes } from './deep-shapes.ts';

const [levels, ...shapes] = process.argv.slice(2);

function parseDeeply(shape: string): string {
  const [before, after] = nestedShapes[shape] as readonly [string, string];
  const text = before.repeat(Number(levels)) + 'a' + after.repeat(Number(levels));
  const parsed = parse({ name: shape, text });
  if (!isSound(parsed)) return parsed.diagnostics.map(({ code }) => code).join(' ');
  const decoded = decodeSyntax(encodeSyntax(parsed.expression, text.length), text.length);
  return decoded !== undefined && printTree(parsed.tree) === text ? 'whole' : 'damaged';
}

console.log(JSON.stringify(Object.fromEntries(shapes.map((shape) => [shape, parseDeeply(shape)]))));
