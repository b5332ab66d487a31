import { once } from '../../foundation/index.ts';

const plain = /^[\x20-\x7e]*$/;
const invisible = once(() => /\p{M}|\p{Cf}/gu);

/** How many columns the text takes, near enough to break lines by. */
export function widthOf(text: string): number {
  if (plain.test(text)) return text.length;
  return Array.from(text.replace(invisible(), '')).length;
}
