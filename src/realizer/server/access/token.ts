import { createHash, randomBytes } from 'node:crypto';

/** A secret that a client shows, and what a server's configuration holds of it. */
export interface NewToken {
  readonly token: string;
  readonly sha256: string;
}

/** Who finds one somewhere sees what it is for. */
const prefix = 'cab_';
const randomLength = 32;

export function newToken(): NewToken {
  const token = prefix + randomBytes(randomLength).toString('base64url');
  return { token, sha256: createHash('sha256').update(token).digest('hex') };
}
