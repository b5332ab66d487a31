/** Runs so many trivial actions on a server, in parallel: `node run-actions.ts ADDRESS COUNT`. */
import { openCalls } from './calls.ts';
import { ShellActions } from './shell-actions.ts';

/** As many at once as a build tool with such a server has. */
const width = 64;

const [address = '', count = ''] = process.argv.slice(2);
const calls = await openCalls(address);
// No two runs have the same ones, so that none is known.
const actions = new ShellActions(Date.now(), Number(count));
await actions.upload(calls);
await actions.run(calls, width);
await calls.close();
