import type { StorePath } from '../../foundation/index.ts';
import type { Store } from '../../store/index.ts';
import type { Connection } from './connection.ts';
import { ContentTransfer } from './content-transfer.ts';
import { type RemoteOutput, outputsIn } from './known-outputs.ts';
import { Patience } from './patience.ts';

/** What one transfer works with. */
export interface TransferMeans {
  readonly connection: Connection;
  readonly store: Store;
  readonly patience: Patience;
  readonly content: ContentTransfer;
  readonly signal: AbortSignal;
}

export function transferMeans(connection: Connection, store: Store, signal: AbortSignal): TransferMeans {
  const patience = new Patience(connection);
  const content = new ContentTransfer({ connection, patience, signal });
  return { connection, store, patience, content, signal };
}

/** Those of the outputs that the realizer has, with what they refer to where that is wanted. */
export async function findOutputs(
  { connection, patience, signal }: TransferMeans,
  paths: readonly StorePath[],
  { closure }: { readonly closure: boolean },
): Promise<readonly RemoteOutput[]> {
  const { outputs } = await patience.attempt(signal, () =>
    connection.attempt(
      ({ realizer }, options) => realizer.findOutputs({ paths: [...paths], closure }, options),
      signal,
    ),
  );
  return outputsIn(outputs, connection);
}
