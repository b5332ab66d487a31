/** Asks a server for results that it has, as so many clients at once: `node hit-cache.ts ADDRESS CLIENTS CALLS`. Writes milliseconds. */
import { create, toBinary } from '@bufbuild/protobuf';
import { ActionCache, GetActionResultRequestSchema } from '../../../src/realizer/protocol/index.ts';
import { openCalls } from './calls.ts';
import { ShellActions } from './shell-actions.ts';
import { ThinConnection, requestOf } from './thin-connection.ts';

const [address = '', clients = '', callsEach = ''] = process.argv.slice(2);
const actions = new ShellActions(1_000_000, 20);
const first = await openCalls(address);
await actions.upload(first);
await actions.run(first, 20);
const path = `/${ActionCache.typeName}/${ActionCache.method.getActionResult.name}`;
const messages = actions.digests.map((actionDigest) =>
  toBinary(GetActionResultRequestSchema, create(GetActionResultRequestSchema, { actionDigest })),
);
const expected = await Promise.all(
  messages.map(async (message) => (await first.callBytes(path, message))[0]),
);
await first.close();
const requests = messages.map((message) => requestOf(address, path, message));

const connections = await Promise.all(
  Array.from({ length: Number(clients) }, () => ThinConnection.open(address)),
);
const latenciesMs: number[] = [];
const startedMs = performance.now();
await Promise.all(
  connections.map(async (connection, client) => {
    for (let call = 0; call < Number(callsEach); call++) {
      const index = (client + call) % requests.length;
      const askedMs = performance.now();
      const answer = await connection.call(requests[index] as Buffer);
      latenciesMs.push(performance.now() - askedMs);
      if (!answer.equals(expected[index] as Uint8Array))
        throw new Error('a result is not what it was before');
    }
  }),
);
const tookMs = performance.now() - startedMs;
await Promise.all(connections.map((connection) => connection.close()));
latenciesMs.sort((a, b) => a - b);
const at = (part: number): number => latenciesMs[Math.ceil(latenciesMs.length * part) - 1] ?? Number.NaN;
console.log(
  JSON.stringify({ medianMs: at(0.5), p99Ms: at(0.99), aSecond: (latenciesMs.length / tookMs) * 1000 }),
);
