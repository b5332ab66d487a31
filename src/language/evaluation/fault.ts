import {
  type Diagnostic,
  type DiagnosticCode,
  DiagnosticError,
  type Label,
  type Span,
} from '../../diagnostics/index.ts';
import type { Evaluation } from './evaluation.ts';
import type { CallPlace } from './call-place.ts';
import { EffectNeeded } from './world.ts';

/** Where something is asked of the evaluation: a call in a text, or a caller outside of every text. */
export interface Site {
  readonly evaluation: Evaluation;
  readonly span: Span | undefined;
  /** The parts of the call, where it is one that stands in a text. */
  readonly call?: CallPlace | undefined;
}

/** How many steps of a trace are kept next to the error, and how many farthest from it. */
const traceEnds = 5;

/**
 * An error on its way through the evaluator: it gathers its place and its trace as it passes, and leaves by the door as a
 * `DiagnosticError`.
 */
export class Fault extends Error {
  readonly diagnostics: readonly Diagnostic[];
  /** Whether `tryEvaluate` catches it. */
  readonly catchable: boolean;
  #place: Label | undefined;
  readonly #near: Label[] = [];
  readonly #far: Label[] = [];
  #leftOut = 0;

  constructor(diagnostics: readonly Diagnostic[], options: { catchable?: boolean; cause?: unknown } = {}) {
    super(diagnostics.map((diagnostic) => diagnostic.message).join('\n'), { cause: options.cause });
    this.name = 'Fault';
    this.diagnostics = diagnostics;
    this.catchable = options.catchable ?? false;
  }

  /** Notes a place that the error passes: its own if it has none, else a step of the trace if the place has a message. */
  pass(place: Label): void {
    const primary = this.diagnostics[0]?.primary ?? this.#place;
    if (primary === undefined) {
      this.#place = { span: place.span, message: '' };
      return;
    }
    if (place.message === '' || sameSpan(primary.span, place.span)) return;
    this.#addStep(place);
  }

  /** Notes that the error ends the computation of a value, and the value's place. */
  passValue(_value: object, place: Label | undefined): void {
    if (place !== undefined) this.pass(place);
  }

  #addStep(step: Label): void {
    const last = this.#far.at(-1) ?? this.#near.at(-1);
    if (last !== undefined && sameSpan(last.span, step.span)) return;
    const primary = this.diagnostics[0]?.primary ?? this.#place;
    if (saysNothing(step, last?.span ?? primary?.span)) return;
    this.addContext(step);
  }

  /** Adds a step to the trace that the program itself tells of. */
  addContext(step: Label): void {
    if (this.#near.length < traceEnds) {
      this.#near.push(step);
      return;
    }
    this.#far.push(step);
    if (this.#far.length <= traceEnds) return;
    this.#far.shift();
    this.#leftOut++;
  }

  /** The diagnostics with the place and the trace that were gathered, which belong to the first of them. */
  finish(): readonly Diagnostic[] {
    const [first, ...others] = this.diagnostics;
    if (first === undefined) return [];
    const primary = first.primary ?? this.#place;
    const trace = [...(first.trace ?? []), ...this.#near, ...this.#far];
    const notes = [...(first.notes ?? [])];
    if (this.#leftOut > 0) notes.push(`${this.#leftOut} steps in the middle of the trace are left out`);
    const finished: Diagnostic = {
      ...first,
      ...(primary === undefined ? {} : { primary }),
      ...(trace.length === 0 ? {} : { trace }),
      ...(notes.length === 0 ? {} : { notes }),
    };
    return [finished, ...others];
  }
}

export interface FaultDetails {
  /** What stands under the place. */
  readonly label?: string;
  readonly labels?: readonly Label[];
  readonly notes?: readonly string[];
  readonly hint?: string | undefined;
  /** What may be written in the place of the span, as the hint says it. */
  readonly replacement?: string | undefined;
  readonly catchable?: boolean;
}

/** An error at a span, or at the first place that it passes. */
export function fault(
  span: Span | undefined,
  code: DiagnosticCode,
  message: string,
  details: FaultDetails = {},
): Fault {
  const { label = '', labels, notes, hint, replacement, catchable = false } = details;
  const diagnostic: Diagnostic = {
    code,
    severity: 'error',
    message,
    ...(span === undefined ? {} : { primary: { span, message: label } }),
    ...(labels === undefined ? {} : { labels }),
    ...(notes === undefined ? {} : { notes }),
    ...(hint === undefined ? {} : { hint }),
    ...(span === undefined || replacement === undefined ? {} : { replacement: { span, text: replacement } }),
  };
  return new Fault([diagnostic], { catchable });
}

/**
 * What to throw on in the place of `error`, which passes `place`. A missing effect goes on as it is, and so does
 * everything that is a fault of the evaluator's own.
 */
export function annotate(error: unknown, place: Label | undefined): Error {
  if (error instanceof EffectNeeded) return error;
  const passing = faultOf(error);
  if (passing === undefined) return error as Error;
  if (place !== undefined) passing.pass(place);
  return passing;
}

/** The same for what ends the computation of `value`. */
export function annotateValue(error: unknown, value: object, place: Label | undefined): Error {
  if (error instanceof EffectNeeded) return error;
  const passing = faultOf(error);
  if (passing === undefined) return error as Error;
  passing.passValue(value, place);
  return passing;
}

/** The fault that an exception stands for, or undefined where it is none that a user could have caused. */
export function faultOf(error: unknown): Fault | undefined {
  if (error instanceof Fault) return error;
  if (error instanceof DiagnosticError) return new Fault(error.diagnostics, { cause: error });
  if (!(error instanceof RangeError)) return undefined;
  if (error.message.startsWith('Maximum call stack')) {
    return fault(undefined, 'CAB2003', 'the evaluation goes too deep', {
      hint: 'a recursion without an end looks like this; a long one can often be written with foldLeft or generateList',
    });
  }
  return fault(undefined, 'CAB2023', 'the value grows too large', { notes: [error.message] });
}

/** Runs what may ask the outside, so that its errors have the place of the one who asks. */
export function asking<T>(site: Site, question: () => T): T {
  try {
    return question();
  } catch (error) {
    throw annotate(error, site.span === undefined ? undefined : { span: site.span, message: '' });
  }
}

/**
 * Whether a reader sees the step from what is shown already: a call around it, or a value that begins on the line which
 * is shown.
 */
function saysNothing({ span, message }: Label, shown: Span | undefined): boolean {
  if (shown === undefined || span.source !== shown.source) return false;
  if (span.start > shown.start || span.end < shown.end) return false;
  if (message.startsWith('while calling')) return true;
  // What the author of an expression has added to its errors is always told.
  if (!/^while (?:evaluating|making) /.test(message)) return false;
  return !span.source.text.slice(span.start, shown.start).includes('\n');
}

function sameSpan(left: Span, right: Span): boolean {
  return left.source === right.source && left.start === right.start && left.end === right.end;
}
