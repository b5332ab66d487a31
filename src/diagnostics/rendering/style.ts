/** What a piece of a rendered diagnostic is, from which its colour follows. */
export type Role = 'error' | 'warning' | 'sentence' | 'frame' | 'other' | 'word';

export type Paint = (role: Role, text: string) => string;

const codes: Readonly<Record<Role, string>> = {
  error: '1;31',
  warning: '1;33',
  sentence: '1',
  frame: '34',
  other: '1;34',
  word: '1;36',
};

/** Colours by ANSI escapes. */
export const coloured: Paint = (role, text) => (text === '' ? '' : `\u001b[${codes[role]}m${text}\u001b[0m`);

export const uncoloured: Paint = (_role, text) => text;
