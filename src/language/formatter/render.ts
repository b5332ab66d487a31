import { unreachable } from '../../foundation/index.ts';
import { type Document, type Group, type Hug, type Line, unbounded } from './document.ts';
import { Output } from './output.ts';
import { style } from './style.ts';

interface Command {
  readonly document: Document;
  readonly indentation: number;
  readonly isFlat: boolean;
}

/** The document as text, with its choices made. The commands wait in an array, so that documents may nest deeply. */
export function render(document: Document): string {
  return new Printer(document).print();
}

class Printer {
  private readonly output = new Output();
  private readonly commands: Command[];

  constructor(document: Document) {
    this.commands = [{ document, indentation: 0, isFlat: false }];
  }

  print(): string {
    for (let next = this.commands.pop(); next !== undefined; next = this.commands.pop()) this.step(next);
    return this.output.finish();
  }

  private step({ document, indentation, isFlat }: Command): void {
    switch (document.kind) {
      case 'text':
        return this.output.text(document, indentation);
      case 'comment':
        return this.output.comment(document);
      case 'line':
        return this.line(document, indentation, isFlat);
      case 'sequence':
        for (let index = document.parts.length - 1; index >= 0; index--)
          this.push(document.parts[index] as Document, indentation, isFlat);
        return;
      case 'indent':
        return this.push(document.content, indentation + style.indentation, isFlat);
      case 'group':
        return this.push(document.content, indentation, isFlat || this.fits(document));
      case 'hug':
        return this.hug(document, indentation, isFlat || this.fits(document));
      default:
        return unreachable(document);
    }
  }

  private push(document: Document, indentation: number, isFlat: boolean): void {
    this.commands.push({ document, indentation, isFlat });
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
    for (let index = this.commands.length - 1; index >= 0 && room >= 0; index--) {
      const { document, isFlat } = this.commands[index] as Command;
      if (!isFlat && document.breaks) return document.head <= room;
      room -= document.flat;
    }
    return room >= 0;
  }
}
