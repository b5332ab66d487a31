import { unreachable } from '../../foundation/index.ts';
import { type Document, type Group, type Hug, type Line, unbounded } from './document.ts';
import { Output } from './output.ts';
import { style } from './style.ts';

/** The document as text, with its choices made. */
export function render(document: Document): string {
  return new Printer(document).print();
}

/** The documents that are still to be printed wait in an array and not in calls, so that they may nest deeply. */
class Printer {
  private readonly output = new Output();
  private readonly waiting: Document[] = [];
  /** How each of them is to be printed: its indentation, and in the lowest bit whether it is on one line. */
  private readonly modes: number[] = [];

  constructor(document: Document) {
    this.push(document, 0, false);
  }

  print(): string {
    for (let next = this.waiting.pop(); next !== undefined; next = this.waiting.pop()) {
      const mode = this.modes.pop() as number;
      this.step(next, mode >> 1, (mode & 1) === 1);
    }
    return this.output.finish();
  }

  private step(first: Document, indentationOfFirst: number, isFirstFlat: boolean): void {
    let document = first;
    let indentation = indentationOfFirst;
    let isFlat = isFirstFlat;
    // What begins with another document goes on with that: only what stands behind it waits.
    for (;;) {
      switch (document.kind) {
        case 'text':
          return this.output.text(document, indentation);
        case 'comment':
          return this.output.comment(document);
        case 'line':
          return this.line(document, indentation, isFlat);
        case 'sequence': {
          const { parts } = document;
          for (let index = parts.length - 1; index > 0; index--)
            this.push(parts[index] as Document, indentation, isFlat);
          document = parts[0] as Document;
          break;
        }
        case 'indent':
          document = document.content;
          indentation += style.indentation;
          break;
        case 'group':
          isFlat ||= this.fits(document);
          document = document.content;
          break;
        case 'hug':
          return this.hug(document, indentation, isFlat || this.fits(document));
        default:
          return unreachable(document);
      }
    }
  }

  private push(document: Document, indentation: number, isFlat: boolean): void {
    this.waiting.push(document);
    this.modes.push(isFlat ? (indentation << 1) | 1 : indentation << 1);
  }

  private line({ ends, otherwise }: Line, indentation: number, isFlat: boolean): void {
    if (!isFlat && ends > 0) return this.output.lineEnds(ends, indentation);
    if (otherwise === ' ') this.output.blank();
  }

  private hug({ before, core, after, expanded }: Hug, indentation: number, isFlat: boolean): void {
    if (!isFlat && !this.hugs(before, core)) return this.push(expanded, indentation, false);
    this.push(after, indentation, isFlat);
    this.push(core, indentation, isFlat);
    this.push(before, indentation, isFlat || before.flat !== unbounded);
  }

  private hugs(before: Document, core: Document): boolean {
    return core.breaks && before.flat + core.head <= this.room;
  }

  private get room(): number {
    return style.width - this.output.column;
  }

  /** Whether the document fits on this line with what cannot be broken from it. */
  private fits({ flat }: Group | Hug): boolean {
    let room = this.room - flat;
    for (let index = this.waiting.length - 1; index >= 0 && room >= 0; index--) {
      const document = this.waiting[index] as Document;
      const isOnOneLine = ((this.modes[index] as number) & 1) === 1;
      if (!isOnOneLine && document.breaks) return document.head <= room;
      room -= document.flat;
    }
    return room >= 0;
  }
}
