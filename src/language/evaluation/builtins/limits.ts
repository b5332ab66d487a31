/** The longest list that a builtin makes of a number alone. */
export const generatedLengthLimit = 10_000_000;

/** How many bits an integer may have that a builtin makes of small ones: a second's work. */
export const generatedBitsLimit = 10_000_000;
