/** What is said about a code besides its title. Paragraphs are parted by an empty line; where their lines end means nothing. */
export interface Explanation {
  /** What it means, why it is an error, and what to do. */
  readonly text: string;
}

/** The explanation of a mistake in the language, with an expression that makes it and the same put right. */
export interface LanguageExplanation extends Explanation {
  readonly wrong: string;
  readonly right: string;
}
