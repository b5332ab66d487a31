/** CAB5000–5999: the store. */
export const storeCodes = {
  CAB5001: 'a store that cannot be opened',
  CAB5002: 'a disk that is full',
  CAB5003: 'content that does not have the hash it is stored under',
  CAB5004: 'a path that the store does not have',
  CAB5005: 'a file that the store cannot hold',
  CAB5006: 'another process that holds what this one needs',
  CAB5007: 'a tree that is not in its canonical form',
  CAB5008: 'a log that the store does not have',
  CAB5020: 'a collection that cannot tell what to keep',
  CAB5030: 'a word that several paths of the store fit',
  CAB5031: 'an output that does not depend on another',
  CAB5021: 'an archive that is damaged or cut off',
  CAB5022: 'something that is no archive, or one of another version',
  CAB5023: 'an output of an archive that is not what it says',
  CAB5024: 'an output that no archive can hold',
  CAB5025: 'what is no root of the store',
} as const;
