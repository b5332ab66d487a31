import { once } from '../../foundation/index.ts';
import { keywords } from './token.ts';

/** What a name is made of, for regular expressions with the flag `u`. One that ends with a hyphen is still being written. */
export const namePattern = String.raw`[\p{L}_][\p{L}\p{M}\p{N}_'-]*`;

const whole = once(() => new RegExp(`^${namePattern}(?<!-)$`, 'u'));

/** Whether a name is written without quotes: it does not end with a hyphen, which would be an operator. */
export function isPlainName(name: string): boolean {
  return whole().test(name) && !(keywords as readonly string[]).includes(name);
}
