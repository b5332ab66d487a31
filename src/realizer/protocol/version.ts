/** The version of what Cab's own clients and realizers say to each other, raised with each change that the other side has to know of. */
export const protocolVersion = 1;

/** The oldest version that is still understood. */
export const oldestProtocolVersion = 1;

/** What a realizer says that it speaks. */
export interface SpokenVersions {
  readonly protocol: number;
  readonly oldestProtocol: number;
}

/** Which side is too old to understand the other, if one is. A realizer from before there were numbers speaks the first. */
export function tooOld({ protocol, oldestProtocol }: SpokenVersions): 'client' | 'realizer' | undefined {
  if (Math.max(1, oldestProtocol) > protocolVersion) return 'client';
  return Math.max(1, protocol) < oldestProtocolVersion ? 'realizer' : undefined;
}
