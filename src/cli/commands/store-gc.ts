import type { Diagnostic } from '../../diagnostics/index.ts';
import {
  type CollectionOptions,
  type CollectionPlan,
  type CollectionStep,
  claimsInLock,
} from '../../workspace/index.ts';
import { parseDuration, parseSize } from '../amounts.ts';
import type { Command, CommandContext, OptionValues } from '../command.ts';
import { flag, jsonOption, openWorkspace, text } from '../options.ts';
import { shownSize } from '../sizes.ts';

/** `cab store gc`. */
export const storeGc: Command = {
  name: 'store gc',
  usage: '',
  summary: 'remove from the store what nothing needs',
  description: `
Keeps what result links and lock files name (see cab store roots), what running builds use, and all that this
refers to; the rest goes. What an output was stays known, so that a build asks for it again only if its
content is needed. May run beside builds, and be interrupted. Sizes are what comes free on disk.

  cab store gc --dry-run           what would go, and how much would come free
  cab store gc --older-than 30d    only what was not used for 30 days
  cab store gc --keep-size 10G     what was not used for longest, until the store has 10 GiB
  cab store gc --max-free 500M     stop once 500 MiB came free`,
  wordsLimit: 0,
  options: {
    'dry-run': { type: 'boolean', description: 'remove nothing, and list what would go' },
    'older-than': {
      type: 'string',
      placeholder: 'DURATION',
      description: 'only what was not used for so long, such as 12h, 30d or 2w',
    },
    'keep-size': {
      type: 'string',
      placeholder: 'SIZE',
      description: 'the least recently used first, until the store is at most so large, such as 10G',
    },
    'max-free': {
      type: 'string',
      placeholder: 'SIZE',
      description: 'stop once so much came free, such as 500M',
    },
    json: jsonOption,
  },
  async run(context, values) {
    const options = collectionOptions(context, values);
    const workspace = openWorkspace(context, values);
    try {
      await context.interruptible(async () => {
        const outcome = new Outcome();
        for await (const step of workspace.store.collect(options)) {
          outcome.add(step);
          if (step.kind === 'planned') announce(context, values, step.plan);
        }
        conclude(context, values, outcome);
      });
    } finally {
      await workspace.close();
    }
  },
};

function collectionOptions(context: CommandContext, values: OptionValues): CollectionOptions {
  const [olderThan, keepSize, maxFree] = ['older-than', 'keep-size', 'max-free'].map((name) =>
    text(values, name),
  );
  return {
    readLock: claimsInLock,
    isDryRun: flag(values, 'dry-run'),
    signal: context.signal,
    onWait: (holder) => context.emit({ type: 'diagnostic', diagnostic: anotherIsAtWork(holder) }),
    olderThanMs: olderThan === undefined ? undefined : parseDuration('older-than', olderThan),
    keepBytes: keepSize === undefined ? undefined : parseSize('keep-size', keepSize),
    maxFreeBytes: maxFree === undefined ? undefined : parseSize('max-free', maxFree),
  };
}

/** What has been done so far. */
class Outcome {
  readonly outputs: string[] = [];
  readonly kept: string[] = [];
  readonly droppedRoots: string[] = [];
  blobs = 0;
  directories = 0;
  logs = 0;
  bytes = 0;
  plan: CollectionPlan | undefined;

  add(step: CollectionStep): void {
    if ('bytes' in step) this.bytes += step.bytes;
    if (step.kind === 'planned') this.plan = step.plan;
    if (step.kind === 'output-removed') this.outputs.push(step.path);
    if (step.kind === 'output-kept') this.kept.push(step.path);
    if (step.kind === 'root-dropped') this.droppedRoots.push(step.path);
    if (step.kind === 'directories-removed') this.directories += step.count;
    if (step.kind === 'blobs-removed') this.blobs += step.count;
    if (step.kind === 'logs-removed') this.logs += step.count;
  }
}

function announce(context: CommandContext, values: OptionValues, plan: CollectionPlan): void {
  if (flag(values, 'json')) return;
  if (flag(values, 'dry-run')) {
    for (const { path, usedMs, bytes } of plan.outputs) {
      context.print(`${shownSize(bytes).padStart(10)}  ${dayOf(usedMs)}  ${path}\n`);
    }
  }
  const { outputs, loose, bytes, kept } = plan;
  const leftovers = `${loose.blobs} leftover file${loose.blobs === 1 ? '' : 's'}`;
  const go = `${counted(outputs.length)} and ${leftovers} ${flag(values, 'dry-run') ? 'would go' : 'are to go'}`;
  context.print(`${go}, ${shownSize(bytes)}; ${counted(kept)} stay${kept === 1 ? 's' : ''}\n`);
}

function conclude(context: CommandContext, values: OptionValues, outcome: Outcome): void {
  const { plan, ...removed } = outcome;
  if (flag(values, 'json')) {
    const json = flag(values, 'dry-run') ? planJson(plan) : { planned: planJson(plan), removed };
    context.print(`${JSON.stringify(json, undefined, 2)}\n`);
    return;
  }
  if (flag(values, 'dry-run')) return;
  const { outputs, kept, droppedRoots, bytes } = outcome;
  context.print(`${counted(outputs.length)} removed, ${shownSize(bytes)} freed\n`);
  if (kept.length > 0) context.print(`${counted(kept.length)} kept: in use since\n`);
  for (const root of droppedRoots) context.print(`no root any more: ${root}\n`);
}

function planJson(plan: CollectionPlan | undefined): object {
  if (plan === undefined) return {};
  const outputs = plan.outputs.map(({ path, usedMs, bytes }) => ({
    path,
    lastUsed: usedMs === 0 ? null : new Date(usedMs).toISOString(),
    bytes,
  }));
  return { ...plan, outputs };
}

function counted(outputs: number): string {
  return `${outputs} output${outputs === 1 ? '' : 's'}`;
}

/** `2026-11-25`, of what nobody noted a line as long. */
function dayOf(usedMs: number): string {
  return usedMs === 0 ? '-         ' : new Date(usedMs).toISOString().slice(0, 10);
}

function anotherIsAtWork(holder: string): Diagnostic {
  return {
    code: 'CAB5006',
    severity: 'warning',
    message: `another collection (${holder}) is at work on this store, and this one waits for it`,
    hint: 'nothing has to be done, or interrupt this one: the other does the same',
  };
}
