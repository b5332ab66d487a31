import type { Expression } from '../../syntax/index.ts';
import { declares } from '../compile/declares.ts';
import { type KnownBuiltins, localBindingOf, namesBoundBy } from './local-binding.ts';
import { partsOf } from './parts.ts';

/** Whether evaluating the expression puts names into the frame, those left out that are variables of JavaScript. */
export function needsFrame(expression: Expression, builtins: KnownBuiltins): boolean {
  if (!declares(expression)) return false;
  if (expression.kind === 'attributes' || expression.kind === 'island') return true;
  if (expression.kind !== 'let')
    return partsOf(expression).evaluated.some((part) => needsFrame(part, builtins));
  const local = localBindingOf(expression, builtins);
  if (local === undefined) return true;
  const inner = builtins.without(namesBoundBy(expression));
  return needsFrame(local.value, inner) || needsFrame(expression.body, inner);
}
