import type { Credentials } from '../../../configuration.ts';
import { readSecret } from '../../../secret.ts';
import type { Failure } from './failure.ts';

export type SecretResult = { readonly kind: 'secret'; readonly text: string } | Failure;

/** Reads secrets, each once, when the first request needs it. */
export class Secrets {
  readonly #known = new Map<Credentials, Promise<SecretResult>>();

  get(credentials: Credentials): Promise<SecretResult> {
    let known = this.#known.get(credentials);
    if (known === undefined) {
      known = secretOf(credentials);
      this.#known.set(credentials, known);
    }
    return known;
  }
}

async function secretOf({ place, secret }: Credentials): Promise<SecretResult> {
  const read = await readSecret(secret);
  return read.ok ? { kind: 'secret', text: read.text } : failure(place, read.why);
}

function failure(place: string, why: string): Failure {
  return {
    kind: 'credentials',
    detail: `the credentials for '${place}' cannot be had: ${why}`,
    mayPass: false,
  };
}
