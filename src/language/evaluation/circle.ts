import type { Diagnostic, Label, Span } from '../../diagnostics/index.ts';
import { Fault } from './fault.ts';

/** How many values of a circle are shown besides the last. */
const shownValues = 5;

/**
 * The error of a value that needs itself. On its way out it passes the values of the circle, from the last to the one that
 * was asked for twice, and shows each of them.
 */
export class Circle extends Fault {
  readonly #needed: object;
  /** From the innermost outwards. */
  readonly #steps: Span[] = [];
  #isClosed = false;

  /** `needed` is what was asked for while it was being computed. */
  constructor(needed: object) {
    super([
      {
        code: 'CAB2002',
        severity: 'error',
        message: 'this value needs itself to be known, which never ends',
        hint: 'one of the values in the circle has to be known without the others',
      },
    ]);
    this.#needed = needed;
  }

  override passValue(value: object, place: Label | undefined): void {
    if (this.#isClosed) return super.passValue(value, place);
    this.#isClosed = value === this.#needed;
    if (place === undefined) return;
    super.pass({ span: place.span, message: '' });
    this.#steps.push(place.span);
  }

  override finish(): readonly Diagnostic[] {
    const [first, ...others] = super.finish();
    if (first?.primary === undefined || !this.#isClosed) return first === undefined ? [] : [first, ...others];
    const { span } = first.primary;
    // The innermost value is shown by the place within it that needs the first again.
    const values = this.#steps
      .filter((step, index) => !isSame(step, this.#steps[index - 1]))
      .slice(1)
      .toReversed();
    const message = values.length === 0 ? 'this needs itself' : `${values.length + 1}: this needs 1 again`;
    const labels = values
      .slice(0, shownValues)
      .map((value, index) => ({ span: value, message: `${index + 1}: this needs ${index + 2}` }));
    const notes = [...(first.notes ?? [])];
    if (values.length > shownValues)
      notes.push(`${values.length - shownValues} of the circle's values are not shown`);
    return [{ ...first, primary: { span, message }, labels, notes }, ...others];
  }
}

function isSame(left: Span, right: Span | undefined): boolean {
  return left.source === right?.source && left.start === right.start && left.end === right.end;
}
