/** CAB1000–1999: the text of an expression. */
export const syntaxCodes = {
  CAB1001: 'a character that the language does not have',
} as const;
