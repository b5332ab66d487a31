import { call } from '../call.ts';
import { booleanOf } from '../expect.ts';
import type { Site } from '../fault.ts';
import { force } from '../thunk.ts';
import type { Slot } from '../value.ts';

/** The function of the builtin `name` as a question about one element. It is not looked at before there is one. */
export function predicate(accept: Slot, site: Site, name: string): (element: Slot) => boolean {
  const what = `what the function of '${name}' gives`;
  return (element) => {
    const answer = call(force(accept), element, site);
    return answer === true || (answer !== false && booleanOf(answer, site, what));
  };
}
