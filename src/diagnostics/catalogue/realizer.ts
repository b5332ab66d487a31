/** CAB4000–4999: realizing derivations. */
export const realizerCodes = {
  CAB4001: 'a derivation that requires features which no realizer offers',
  CAB4002: 'a builder that failed',
  CAB4003: 'a builder that did not make an output it promised',
  CAB4004: 'an output that is not the one it was fixed to',
  CAB4005: 'a claim that is not of the form format:value',
  CAB4006: 'a claim that contradicts what the program wrote',
  CAB4007: 'a derivation that is not well formed',
  CAB4008: 'a realizer that is not configured',
  CAB4009: 'a build that was cancelled',
  CAB4010: 'a build that waits for another cab that does the same',
  CAB4011: 'a builder that makes too many claims',
  CAB4012: 'a damaged output that cannot be made again',
  CAB4013: 'a build that comes out otherwise when it is done again',
  CAB4030: 'a failure on a realizer that is newer than this Cab',
  CAB4060: 'an address that a realizer does not let programs reach',
  CAB4061: 'a program of the machine that would need the network where the realizer keeps it from them',
} as const;
