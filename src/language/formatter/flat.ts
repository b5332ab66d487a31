import { unreachable } from '../../foundation/index.ts';
import type { Document } from './document.ts';

/** The document on one line, which it must have room for. */
export function flatTextOf(document: Document): string {
  const pieces: string[] = [];
  const waiting: Document[] = [document];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    switch (next.kind) {
      case 'text':
      case 'comment':
        pieces.push(next.text);
        break;
      case 'line':
        pieces.push(next.otherwise);
        break;
      case 'indent':
      case 'group':
        waiting.push(next.content);
        break;
      case 'hug':
        waiting.push(next.after, next.core, next.before);
        break;
      case 'sequence':
        for (const part of next.parts.toReversed()) waiting.push(part);
        break;
      default:
        return unreachable(next);
    }
  }
  return pieces.join('');
}
