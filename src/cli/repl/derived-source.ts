import type { Diagnostic, Label, Source } from '../../diagnostics/index.ts';

/** A text that was made of what the user typed: `shift` characters stand before that. */
interface Derived {
  readonly original: Source;
  readonly shift: number;
}

/** Leads places in the texts that are evaluated back to what the user has typed. */
export class DerivedSources {
  readonly #known = new WeakMap<Source, Derived>();

  /** A source with `prefix` and `suffix` around the user's text. */
  around(original: Source, prefix: string, suffix: string): Source {
    const source = { name: original.name, text: `${prefix}${original.text}${suffix}` };
    this.#known.set(source, { original, shift: prefix.length });
    return source;
  }

  /** A source with nothing of the user's text but what stands from `start` to `end`, each of it at its place. */
  part(original: Source, start: number, end: number): Source {
    const { name, text } = original;
    const source = { name, text: `${text.slice(0, start).replace(/[^\n]/g, ' ')}${text.slice(start, end)}` };
    this.#known.set(source, { original, shift: 0 });
    return source;
  }

  /** The text that the user has typed, and the offset in it. */
  placeIn(source: Source, offset: number): { readonly source: Source; readonly offset: number } {
    const derived = this.#known.get(source);
    if (derived === undefined) return { source, offset };
    const { original, shift } = derived;
    const inside = Math.min(Math.max(offset - shift, 0), original.text.length);
    return this.placeIn(original, inside);
  }

  restore(diagnostic: Diagnostic): Diagnostic {
    const { primary, labels, trace } = diagnostic;
    return {
      ...diagnostic,
      ...(primary !== undefined && { primary: this.#label(primary) }),
      ...(labels !== undefined && { labels: labels.map((label) => this.#label(label)) }),
      ...(trace !== undefined && { trace: trace.map((label) => this.#label(label)) }),
    };
  }

  #label({ span, message }: Label): Label {
    const { source, offset: start } = this.placeIn(span.source, span.start);
    return { message, span: { source, start, end: this.placeIn(span.source, span.end).offset } };
  }
}
