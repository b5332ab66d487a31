/** Contents of many kinds for whatever packs or stores them, each the same for the same numbers. */
export type ContentKind = 'random' | 'repetitive' | 'words' | 'mixed' | 'code';

export const contentKinds: readonly ContentKind[] = ['random', 'repetitive', 'words', 'mixed', 'code'];

export function makeContent(kind: ContentKind, length: number, random: () => number): Buffer {
  const content = Buffer.alloc(length);
  fillers[kind](content, random);
  return content;
}

type Filler = (content: Buffer, random: () => number) => void;

const fillers: Readonly<Record<ContentKind, Filler>> = {
  random(content, random) {
    for (let at = 0; at < content.length; at++) content[at] = random() * 256;
  },
  repetitive(content, random) {
    for (let at = 0; at < content.length;) {
      const end = Math.min(content.length, at + 1 + Math.floor(random() ** 3 * 5000));
      content.fill(random() * 4, at, end);
      at = end;
    }
  },
  words(content, random) {
    const words = Array.from({ length: 400 }, () => makeWord(random));
    for (let at = 0; at < content.length;) {
      at += content.write(`${words[Math.floor(random() ** 2 * words.length)]} `, at, 'latin1');
    }
  },
  /** Pieces of the other kinds, and copies of what was near and far before. */
  mixed(content, random) {
    for (let at = 0; at < content.length;) {
      const end = Math.min(content.length, at + 1 + Math.floor(random() ** 2 * 20_000));
      if (at > 0 && random() < 0.6) {
        const from = Math.floor(random() * at);
        content.copy(content, at, from, Math.min(at, from + end - at));
      } else {
        const kind = (['random', 'repetitive', 'words'] as const)[Math.floor(random() * 3)] ?? 'random';
        fillers[kind](content.subarray(at, end), random);
      }
      at = end;
    }
  },
  /** Instructions with calls to few places. */
  code(content, random) {
    const targets = Array.from({ length: 20 }, () => Math.floor(random() * 60_000));
    for (let at = 0; at + 5 <= content.length;) {
      if (random() < 0.3) {
        content[at] = random() < 0.7 ? 0xe8 : 0xe9;
        content.writeInt32LE((targets[Math.floor(random() * 20)] as number) - at - 5, at + 1);
        at += 5;
      } else {
        content[at++] = [0x48, 0x89, 0xe5, 0x8b, 0x00, 0xff, 0xe8][Math.floor(random() * 7)] as number;
      }
    }
  },
};

function makeWord(random: () => number): string {
  const length = 2 + Math.floor(random() * 9);
  return Array.from({ length }, () => String.fromCharCode(97 + random() * 26)).join('');
}
