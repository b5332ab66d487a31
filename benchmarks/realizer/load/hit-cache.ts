/** Asks a server for results that it has, as so many clients at once: `node hit-cache.ts ADDRESS CLIENTS CALLS`. Writes milliseconds. */
import { create, toBinary } from '@bufbuild/protobuf';
import { ActionCache, GetActionResultRequestSchema } from '../../../src/realizer/protocol/index.ts';
import { openCalls } from './calls.ts';
import { ShellActions } from './shell-actions.ts';

const [address = '', clients = '', callsEach = ''] = process.argv.slice(2);
const actions = new ShellActions(1_000_000, 20);
const first = await openCalls(address);
await actions.upload(first);
await actions.run(first, 20);
await first.close();

const path = `/${ActionCache.typeName}/${ActionCache.method.getActionResult.name}`;
const requests = actions.digests.map((actionDigest) =>
  toBinary(GetActionResultRequestSchema, create(GetActionResultRequestSchema, { actionDigest })),
);
const connections = await Promise.all(Array.from({ length: Number(clients) }, () => openCalls(address)));
const latenciesMs: number[] = [];
const startedMs = performance.now();
await Promise.all(
  connections.map(async (calls, client) => {
    for (let call = 0; call < Number(callsEach); call++) {
      const askedMs = performance.now();
      await calls.callBytes(path, requests[(client + call) % requests.length] as Uint8Array);
      latenciesMs.push(performance.now() - askedMs);
    }
  }),
);
const tookMs = performance.now() - startedMs;
await Promise.all(connections.map((calls) => calls.close()));
latenciesMs.sort((a, b) => a - b);
const at = (part: number): number => latenciesMs[Math.ceil(latenciesMs.length * part) - 1] ?? Number.NaN;
console.log(
  JSON.stringify({ medianMs: at(0.5), p99Ms: at(0.99), aSecond: (latenciesMs.length / tookMs) * 1000 }),
);
