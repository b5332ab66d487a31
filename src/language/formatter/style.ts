/** The numbers of the style. There is nothing to configure: all of Cab is laid out alike. */
export const style = {
  /** How many columns a line has before what stands on it is broken. */
  width: 100,
  /** How many blanks each level is indented by. */
  indentation: 2,
  /**
   * How deep lines are indented at most. What nests deeper stays readable no longer, and without a bound its blanks would
   * grow with the square of its depth.
   */
  deepest: 80,
} as const;
