/** What the operator of a realizer decides, and no derivation sees. */
export interface RealizerConfiguration {
  /** How many programs run at once. */
  readonly cores: number;
  /** URL prefixes and what stands in their place; the longest that fits is taken. */
  readonly mirrors: ReadonlyMap<string, string>;
  /** PEM files of certificate authorities that are trusted besides the usual ones. */
  readonly certificateAuthorities: readonly string[];
  /** How long a server may take to begin its answer, and between two pieces of it. */
  readonly requestTimeoutMs: number;
  /** Features offered besides those that the executors bring. */
  readonly features: readonly string[];
  /** Whether the machine's own tools are offered as the feature `host-tools`. */
  readonly hostTools: boolean;
}
