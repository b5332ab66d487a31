import type { Metadata } from './metadata.ts';
import type { Session } from './session.ts';

/** What an action of somebody else's came to is found by. */
export interface ActionKey {
  /** The name of the digest function, such as `sha256`. */
  readonly function: string;
  /** The digest of the action, as hexadecimal digits. */
  readonly action: string;
  /** What its program saw of the machine besides its inputs; empty where that was nothing. */
  readonly identity: string;
}

/**
 * What actions of others came to, as bytes that only their owner understands. A result that is found is used; what it mentions is asked for
 * by itself, and so used no earlier than the result.
 */
export class ActionResults {
  readonly #metadata: Metadata;
  readonly #session: Session;

  constructor(metadata: Metadata, session: Session) {
    this.#metadata = metadata;
    this.#session = session;
  }

  get(key: ActionKey): Uint8Array | undefined {
    const row = this.#metadata.get(
      'SELECT result, used FROM action_results WHERE function = ? AND action = ? AND identity = ?',
      ...valuesOf(key),
    );
    if (row === undefined) return undefined;
    if ((row['used'] as number) < this.#session.oldestMark()) {
      this.#metadata.run(
        'UPDATE action_results SET used = ? WHERE function = ? AND action = ? AND identity = ?',
        this.#session.now(),
        ...valuesOf(key),
      );
    }
    return row['result'] as Uint8Array;
  }

  /** Keeps a result in the place of one that was kept before. */
  put(key: ActionKey, result: Uint8Array): void {
    this.#metadata.run(
      `INSERT INTO action_results (function, action, identity, result, used) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET result = excluded.result, used = excluded.used`,
      ...valuesOf(key),
      result,
      this.#session.now(),
    );
  }

  /** Takes a result out: what it mentions is not there any more. */
  remove(key: ActionKey): void {
    this.#metadata.run(
      'DELETE FROM action_results WHERE function = ? AND action = ? AND identity = ?',
      ...valuesOf(key),
    );
  }
}

function valuesOf({ function: name, action, identity }: ActionKey): [string, Uint8Array, string] {
  return [name, Buffer.from(action, 'hex'), identity];
}
