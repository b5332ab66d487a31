/** What the filter functions answer besides the negative of an exit code from 1 to 255. */
export const filterErrors = {
  /** There is no such filter. */
  unknown: -256,
  /** The path leads to no file that the program can read. */
  noFile: -257,
  /** The file is no module that can be run as a filter; the reason is in the log. */
  unfit: -258,
  /** As many filters are open as may be. */
  tooMany: -259,
  /** It ended by a trap, with a code above 255 or before its input; the reason is in the log. */
  failed: -260,
  /** A pointer or length lies outside of the memory. */
  fault: -261,
} as const;
