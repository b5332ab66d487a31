import {
  blank,
  type Document,
  group,
  hardLine,
  hug,
  indent,
  line,
  nothing,
  sequence,
  softLine,
} from './document.ts';
import { across, beforeElement } from './gaps.ts';
import { endsLines, type Gap } from './trivia.ts';

/** A laid out expression, with what those around it want to know. */
export interface Laid {
  readonly document: Document;
  /**
   * - `block`: it begins on the line of what introduces it, however long it is;
   * - `plain`: it goes to lines of its own where it does not fit;
   * - parts: it does so too, unless it is enough to break one part of it.
   */
  readonly shape: 'block' | 'plain' | HuggingParts;
  /** What it is, as far as that decides whether something that is broken may stand beside it. */
  readonly role: 'atom' | 'brackets' | 'parentheses' | 'lines' | 'body' | 'other';
  /** Brackets that break with others. */
  readonly ungrouped?: Document;
  /** The parts of a lambda, for the parentheses around it. */
  readonly lambda?: LaidLambda;
}

/** `before core after`, of which the core may be broken; `expanded` is the layout of all where that is not enough. */
export interface HuggingParts {
  readonly before: Document;
  readonly core: Document;
  readonly after: Document;
  readonly expanded: Document;
}

interface LaidLambda {
  /** All up to the last arrow. */
  readonly head: Document;
  readonly gap: Gap;
  readonly body: Laid;
}

export function block(document: Document, role: Laid['role'] = 'other'): Laid {
  return { document, shape: 'block', role };
}

/** What is short by its kind. */
export function atom(document: Document): Laid {
  return { document, shape: 'block', role: 'atom' };
}

export function plain(document: Document): Laid {
  return { document, shape: 'plain', role: 'other' };
}

export function hugging(parts: HuggingParts): Laid {
  const { before, core, after, expanded } = parts;
  return { document: hug(before, core, after, expanded), shape: parts, role: 'other' };
}

/** `head value`, as in `name = value`: how the value is broken decides where it begins. */
export function introduce(head: Document, gap: Gap, value: Laid): Document {
  if (endsLines(gap)) return sequence(head, indent(sequence(across(gap, line), value.document)));
  const comments = beforeElement(gap);
  if (value.shape === 'block')
    return comments === nothing
      ? sequence(head, blank, value.document)
      : sequence(head, blank, comments, value.document);
  if (value.shape === 'plain') return group(sequence(head, indent(sequence(line, comments, value.document))));
  const { before, core, after, expanded } = value.shape;
  return hug(
    sequence(head, blank, comments, before),
    core,
    after,
    sequence(head, indent(sequence(hardLine, comments, group(expanded)))),
  );
}

/** `head value closer`; where the value goes to lines of its own, the closer does too. */
export function enclose(head: Document, separator: typeof line, value: Laid, closer: Document): Document {
  const glue = separator.otherwise === '' ? nothing : blank;
  if (value.shape === 'block') return sequence(head, glue, value.document, closer);
  if (value.shape === 'plain')
    return group(sequence(head, indent(sequence(separator, value.document)), softLine, closer));
  const { before, core, after, expanded } = value.shape;
  return hug(
    sequence(head, glue, before),
    core,
    sequence(after, closer),
    sequence(head, indent(sequence(hardLine, group(expanded))), hardLine, closer),
  );
}

/** The same with something glued before it. */
export function prefixed(prefix: Document, value: Laid): Laid {
  const document = sequence(prefix, value.document);
  if (typeof value.shape === 'string') return { document, shape: value.shape, role: value.role };
  const { before, core, after, expanded } = value.shape;
  return hugging({
    before: sequence(prefix, before),
    core,
    after,
    expanded: sequence(prefix, expanded),
  });
}
