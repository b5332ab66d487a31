import { createHash, randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { makeTemporaryFolder, openToAll, removeFolder, startRealizerServer } from '../../support/index.ts';

/** A server that others' clients are pointed at. */
export interface Served {
  /** As in `127.0.0.1:8980`. */
  readonly address: string;
}

/** `CAB_INTEROPERABILITY_SERVER` names another server, so that these tests can be tried with one that is known to be good. */
const otherServer = process.env['CAB_INTEROPERABILITY_SERVER'];

/** Why what needs a certain configuration cannot be tried, or false. */
export const otherServerReason =
  otherServer === undefined ? false : 'CAB_INTEROPERABILITY_SERVER is not configured by tests';

/** Starts a realizer of this checkout that a test's end stops, with what its configuration says. */
export async function serve(test: TestContext, configuration: string = openToAll): Promise<Served> {
  if (otherServer !== undefined) return { address: otherServer };
  const folder = await makeTemporaryFolder();
  const server = await startRealizerServer({ folder, configuration });
  test.after(async () => {
    await server.stop();
    await removeFolder(folder);
  });
  return server;
}

/** A client with a token of its own, and what the server's configuration has of it. */
export function clientWithToken(name: string): { readonly token: string; readonly configuration: string } {
  const token = randomBytes(32).toString('base64url');
  const sha256 = createHash('sha256').update(token).digest('hex');
  return { token, configuration: `[clients.${name}]\ntoken-sha256 = "${sha256}"` };
}
