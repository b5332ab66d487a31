/** CAB3000–3999: islands, their origins and the lock. */
export const islandCodes = {
  CAB3001: 'an island of a type that does not exist',
  CAB3002: 'an island whose body does not fit its type',
  CAB3101: 'a lock file that cannot be read',
  CAB3102: 'the lock lacks an island and may not be changed',
  CAB3103: 'a pin that the origin contradicts',
  CAB3104: 'an island named for an update that nothing needs',
  CAB3105: 'a lock file that cannot be written',
  CAB3201: 'an origin that cannot be reached',
  CAB3202: 'a server whose certificate is not accepted',
  CAB3203: 'an origin that answered with an unexpected status',
  CAB3204: 'a branch, tag or commit that the origin does not have',
  CAB3205: 'data of an origin that is corrupt or incomplete',
  CAB3206: 'an entry of an archive or tree with a forbidden name or place',
  CAB3207: 'a sub-tree that the origin does not have',
  CAB3208: 'an origin that asks for something Cab does not support',
  CAB3209: 'an island that is needed and not there while working offline',
} as const;
