/** `format:value`, about a derivation's finished output. Formats are open; `cab` is the store's own hash. */
export interface Claim {
  readonly format: string;
  readonly value: string;
}

/** Values by format, as one block of the lock holds them. */
export type Pins = Readonly<Record<string, string>>;

/** The longest claim in characters. */
export const claimLengthLimit = 4096;

/** The claim that a line makes, or undefined if it has not the form. */
export function parseClaim(line: string): Claim | undefined {
  if (line.length > claimLengthLimit) return undefined;
  const match = /^([a-z][a-z0-9-]*):([\x21-\x7e]+)$/.exec(line);
  return match === null ? undefined : { format: match[1] as string, value: match[2] as string };
}

export function formatClaim(claim: Claim): string {
  return `${claim.format}:${claim.value}`;
}

/** The lines that `CAB_PINS` passes to a program: sorted, each ended by a line feed. */
export function formatPins(pins: Pins): string {
  return Object.keys(pins)
    .toSorted()
    .map((format) => `${format}:${pins[format] ?? ''}\n`)
    .join('');
}
