import type { CompiledLambda, LambdaCode } from '../lambda.ts';
import { PatternBinder } from '../pattern-binder.ts';
import type { Unit } from '../thunk.ts';
import { evaluatedFirst } from './evaluated-first.ts';
import { FunctionWriter } from './function-writer.ts';
import { KnownBuiltins } from './local-binding.ts';
import { needsFrame } from './needs-frame.ts';
import { NotWritten, Program } from './program.ts';
import { runtimeOfPromoted } from './runtime.ts';
import { writeResultAtHand } from './write-later.ts';
import { writeValue } from './write-value.ts';

/**
 * Turns a function that is called often into JavaScript, which V8 makes machine code of. It works on the same frames as the
 * compiled code that it takes the place of; only a frame that nothing needs is not made.
 */
export function promote(code: LambdaCode): void {
  try {
    code.become(write(code));
    code.evaluatedFirst = evaluatedFirst(code);
  } catch (error) {
    if (!(error instanceof NotWritten)) throw error;
  }
}

function write(code: LambdaCode): CompiledLambda {
  const program = new Program();
  const { last } = code;
  const scope = code.bodyScope;
  const binder = last.kind === 'pattern' ? new PatternBinder(code, last, scope) : undefined;
  const names = Array.from({ length: code.arity }, (_, index) => `p${index + 1}`);
  const isFramed = binder !== undefined || needsFrame(code.body, new KnownBuiltins(scope));
  const locals = new Map(binder === undefined ? names.map((name, index) => [index + 1, name]) : []);
  const slots = ['outer', ...names].join(', ');
  const frame = isFramed ? 'f' : `(f === undefined ? f = [${slots}] : f)`;
  const writer = new FunctionWriter(program, { frame, outer: 'outer', locals });
  program.owner = code;
  const result = writeValue(code.body, { scope, writer });
  const { size } = scope.layout;
  const before =
    binder === undefined
      ? isFramed
        ? makeFrame(slots, names.length, size)
        : ''
      : bindPattern(names, program.constant(binder), scope.names.length, size);
  const enter = `function (outer, site, ${names.join(', ')}, f) { ${before}${writer.body('', result, code)} }`;
  const arguments_ = names.map((_, index) => `f[${index + 1}]`);
  const body = `function (f) { return enter(${['f[0]', 'undefined', ...arguments_, 'f'].join(', ')}); }`;
  const atHand = last.kind === 'name' ? writeResultAtHand(code.body, scope, program) : undefined;
  const [entered, run, tried, ...functions] = evaluate(program, [enter, body, atHand ?? 'undefined']);
  program.units.forEach((unit, index) => {
    unit.run = functions[index] as Unit['run'];
  });
  return {
    enter: entered as CompiledLambda['enter'],
    body: run as Unit['run'],
    size,
    atHand: tried as CompiledLambda['atHand'],
  };
}

/** A frame that came with the call is taken as it is. */
function makeFrame(slots: string, parameters: number, size: number): string {
  return `if (f === undefined) f = [${slots}${', undefined'.repeat(size - 1 - parameters)}];`;
}

function bindPattern(names: readonly string[], binder: string, bound: number, size: number): string {
  const leading = ['outer', ...names.slice(0, -1)].join(', ');
  const padding = size - 1 - bound;
  const push =
    padding === 0 ? '' : `f.push(${Array.from({ length: padding }, () => 'undefined').join(', ')});`;
  return `f = [${leading}]; ${binder}.bind(f, ${names.at(-1) ?? ''}, site); ${push}`;
}

function evaluate(program: Program, [enter, ...others]: readonly string[]): readonly unknown[] {
  const constants = program.constants.map((_, index) => `k${index}`);
  const runtime = runtimeOfPromoted();
  const text = `'use strict';
const { ${Object.keys(runtime).join(', ')} } = runtime;
const [${constants.join(', ')}] = constants;
const enter = ${enter};
return [enter, ${[...others, ...program.functions].join(',\n')}];`;
  // oxlint-disable-next-line no-implied-eval -- The text is made of the evaluator's own words and of numbered names.
  return new Function('runtime', 'constants', text)(runtime, program.constants) as readonly unknown[];
}
