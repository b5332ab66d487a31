import path from 'node:path';
import { type LogFormat, RealizerServer, logTo } from '../../realizer/server/index.ts';
import { cabVersion, claimsInLock, libraryFolder } from '../../workspace/index.ts';
import type { Command, CommandContext } from '../command.ts';
import { type ServeSetup, readSetup } from '../realizer-setup.ts';
import { gatherLines } from '../gathered-lines.ts';
import { ServerSignals } from '../server-signals.ts';
import { flag, text, texts } from '../options.ts';
import { writeAll } from '../write-all.ts';

/** `cab realizer serve`. */
export const realizerServe: Command = {
  name: 'realizer serve',
  usage: '',
  summary: 'build for others: the Remote Execution API and the Remote Asset API over this machine',
  description: `
Serves until it is told to end. Without a file it serves whoever may open the socket $XDG_RUNTIME_DIR/cab/realizer.sock,
its owner; where there is no such folder, whoever shows the token that it prints, at 127.0.0.1:8980. It has a store of
its own. It prints where it listens as soon as it does, and logs to standard error, a line of JSON for each event;
--log-format plain is for people.

SIGTERM and SIGINT let it end: it takes no new work, and what runs may go on for the drain-seconds of its configuration.
A second signal ends it at once. SIGHUP has it read clients and certificates again.
docs/reference/serving.md tells of the configuration.

  cab realizer serve                                        for this user
  cab realizer serve --config /etc/cab/realizer.toml        as configured
  cab realizer serve --listen tcp:127.0.0.1:0 --allow-anonymous --json`,
  wordsLimit: 0,
  options: {
    config: { type: 'string', placeholder: 'FILE', description: "the server's configuration, in TOML" },
    listen: {
      type: 'string',
      multiple: true,
      placeholder: 'ADDRESS',
      description:
        'tcp:HOST:PORT or unix:PATH, in the place of those of the configuration; may be given again',
    },
    store: { type: 'string', placeholder: 'FOLDER', description: "the store's folder" },
    metrics: {
      type: 'string',
      placeholder: 'ADDRESS',
      description: 'where /metrics, /healthz and /readyz are served, such as tcp:127.0.0.1:9100',
    },
    'allow-anonymous': {
      type: 'boolean',
      description: 'let those read, write and execute who show no token',
    },
    json: { type: 'boolean', description: 'print where it listens as one line of JSON' },
  },
  async run(context, values) {
    const read = (): ServeSetup =>
      readSetup({
        environment: context.environment,
        folder: context.folder,
        config: text(values, 'config'),
        listen: texts(values, 'listen'),
        store: text(values, 'store'),
        metrics: text(values, 'metrics'),
        allowAnonymous: flag(values, 'allow-anonymous'),
      });
    const setup = read();
    const observe = logTo({
      format: logFormatOf(text(values, 'log-format')),
      stacks: Boolean(context.environment['CAB_BACKTRACE']),
      now: Date.now,
      write: gatherLines((lines) => void writeAll(2, lines)),
    });
    for (const { code, message, hint } of setup.warnings) observe({ type: 'warning', code, message, hint });
    const signals = new ServerSignals();
    const server = await RealizerServer.start({
      configuration: setup.configuration,
      storeFolder: path.resolve(setup.storeFolder),
      programsFolder: libraryFolder('programs'),
      version: cabVersion(),
      readLock: claimsInLock,
      observe,
    });
    tellWhere(context, server, setup, flag(values, 'json'));
    await signals.serve(server, setup.configuration.limits.drainMs, {
      // Where nobody has written any, there is nothing new in it.
      read: () => (text(values, 'config') === undefined ? setup : read()).configuration,
      observe,
    });
  },
};

/** Lines for machines, unless others are asked for: somebody collects them, mostly. */
function logFormatOf(format: string | undefined): LogFormat {
  return format === undefined || format === 'json' ? 'json' : 'plain';
}

function tellWhere(context: CommandContext, server: RealizerServer, setup: ServeSetup, json: boolean): void {
  const { addresses, metricsAddress } = server;
  const { token, storeFolder } = setup;
  if (json) {
    const told = { listening: addresses, metrics: metricsAddress, store: path.resolve(storeFolder), token };
    context.print(`${JSON.stringify(told)}\n`);
    return;
  }
  const lines = addresses.map((address) => `listening at ${address}`);
  if (metricsAddress !== undefined) lines.push(`metrics at ${metricsAddress}`);
  if (token !== undefined) lines.push(`token, shown this once: ${token}`);
  context.print(`${lines.join('\n')}\n`);
}
