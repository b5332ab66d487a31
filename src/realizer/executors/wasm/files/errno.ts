/** The error numbers of WASI preview 1 that this host answers with. */
export const errno = {
  success: 0,
  badDescriptor: 8,
  exists: 20,
  fault: 21,
  fileTooBig: 22,
  illegalSequence: 25,
  invalid: 28,
  inputOutput: 29,
  isDirectory: 31,
  loop: 32,
  tooManyDescriptors: 33,
  nameTooLong: 37,
  noEntry: 44,
  noSpace: 51,
  notImplemented: 52,
  notDirectory: 54,
  notEmpty: 55,
  notSocket: 57,
  notSupported: 58,
  notPermitted: 63,
  range: 68,
  readOnly: 69,
  notSeekable: 70,
  notCapable: 76,
} as const;

/** One of the numbers above. Functions that cannot do what they are asked answer it in place of their value. */
export type Errno = (typeof errno)[keyof typeof errno];

export function isErrno(value: unknown): value is Errno {
  return typeof value === 'number';
}
