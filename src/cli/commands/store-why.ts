import { DiagnosticError } from '../../diagnostics/index.ts';
import {
  type StorePath,
  baseNameOfStorePath,
  hashPartOfStorePath,
  nameOfStorePath,
  unreachable,
} from '../../foundation/index.ts';
import {
  type Chains,
  ClosureGraph,
  type Mention,
  MentionFinder,
  type Store,
  chainsBetween,
} from '../../workspace/index.ts';
import { shownName } from '../browsing.ts';
import type { Command } from '../command.ts';
import { UsageError, flag, jsonOption, openWorkspace } from '../options.ts';
import { outputInClosure, outputOfWord, storeWordsHelp } from '../store-words.ts';

/** `cab store why`. */
export const storeWhy: Command = {
  name: 'store why',
  usage: 'PATH DEPENDENCY',
  summary: 'show why an output depends on another',
  description: `
Prints the shortest chain of references from one to the other, or every one of that length, and of each step the files that mention what is
referred to: of a text the line, of other files the first byte. Exits with 1 where there is no such chain.
${storeWordsHelp}
DEPENDENCY is looked for among what PATH refers to first.

  cab store why result openssl-3.0.2
  cab store why --all result openssl-3.0.2`,
  wordsLimit: 2,
  options: {
    all: { type: 'boolean', description: 'every chain, not only the shortest' },
    json: jsonOption,
  },
  async run(context, values, [word, dependency]) {
    if (word === undefined || dependency === undefined) {
      throw new UsageError('cab store why needs two paths', 'such as cab store why result openssl-3.0.2');
    }
    const workspace = openWorkspace(context, values);
    try {
      const { store } = workspace;
      const from = outputOfWord(store, context.folder, word);
      const graph = ClosureGraph.of(store, [from]);
      const to = outputInClosure(store, context.folder, dependency, graph);
      const which = flag(values, 'all') ? 'all' : 'shortest';
      const chains = to === undefined ? undefined : chainsBetween(graph, { from, to }, which);
      if (to === undefined || chains === undefined) throw noDependency(from, dependency, graph);
      const steps = stepsOf(store, graph, { from, to, chains });
      if (flag(values, 'json')) context.print(jsonOf(from, to, chains, steps));
      else if (from === to && steps.get(from)?.length === 0)
        context.print(`${from}\n    does not mention itself\n`);
      else context.print(textOf(from, steps));
    } finally {
      await workspace.close();
    }
  },
};

/** For each output on a chain, the next ones, with where they are mentioned. */
type Steps = ReadonlyMap<StorePath, readonly Step[]>;

interface Step {
  readonly to: StorePath;
  readonly mentions: readonly Mention[];
}

function stepsOf(
  store: Store,
  graph: ClosureGraph,
  { from, to, chains }: { readonly from: StorePath; readonly to: StorePath; readonly chains: Chains },
): Steps {
  const finders = new Map<StorePath, MentionFinder>();
  const stepTo = (path: StorePath, next: StorePath): Step => {
    const finder = finders.get(next) ?? new MentionFinder(store, hashPartOfStorePath(next));
    finders.set(next, finder);
    return { to: next, mentions: [...finder.in(graph.record(path).tree)] };
  };
  if (from === to)
    return new Map([[from, [stepTo(from, from)].filter(({ mentions }) => mentions.length > 0)]]);
  return new Map(
    [...chains.next].map(([path, next]) => [path, next.map((reference) => stepTo(path, reference))]),
  );
}

function jsonOf(path: StorePath, dependency: StorePath, { length }: Chains, steps: Steps): string {
  const flat = [...steps].flatMap(([from, next]) => next.map((step) => ({ from, ...step })));
  return `${JSON.stringify({ path, dependency, length, steps: flat }, undefined, 2)}\n`;
}

/** How many files of a step are shown. */
const shownMentions = 6;

/** The outputs as a tree: what stands below one is what it refers to. What stood there before is not gone through again. */
function textOf(from: StorePath, steps: Steps): string {
  const lines: string[] = [from];
  const shown = new Set<StorePath>();
  addBelow(from, '');
  return `${lines.join('\n')}\n`;

  function addBelow(path: StorePath, indent: string): void {
    if (shown.has(path)) return;
    shown.add(path);
    for (const { to, mentions } of steps.get(path) ?? []) {
      for (const mention of mentions.slice(0, shownMentions))
        lines.push(`${indent}    ${mentionLine(mention)}`);
      const more = mentions.length - shownMentions;
      if (more > 0) lines.push(`${indent}    and ${more} more ${more === 1 ? 'file' : 'files'}`);
      if (mentions.length === 0) lines.push(`${indent}    nothing in it: it is a part of what does`);
      const isRepeated = shown.has(to) && steps.has(to);
      lines.push(`${indent}  → ${to}${isRepeated ? ' (as above)' : ''}`);
      addBelow(to, `${indent}  `);
    }
  }
}

function mentionLine(mention: Mention): string {
  const path = shownName(mention.path);
  switch (mention.in) {
    case 'name':
      return `${path}, in its name`;
    case 'target':
      return `${path} -> ${shownName(mention.text)}`;
    case 'content': {
      const { line, offset, text, count } = mention;
      const place = line === undefined ? `byte ${offset}` : `line ${line}`;
      const more = count === 1 ? '' : `, ${count} times`;
      return `${path}, ${place}${more}: ${shownName(text)}`;
    }
    default:
      return unreachable(mention);
  }
}

function noDependency(from: StorePath, word: string, graph: ClosureGraph): DiagnosticError {
  const name = /^(?:.*\/)?[a-z2-7]{52}-([^/]+)/.exec(word)?.[1] ?? word;
  const namesake = [...graph.records.keys()].find((path) => nameOfStorePath(path) === name);
  return new DiagnosticError({
    code: 'CAB5031',
    severity: 'error',
    message: `'${baseNameOfStorePath(from)}' does not depend on '${word}', neither itself nor by what it refers to`,
    ...(namesake !== undefined && { hint: `it does depend on '${baseNameOfStorePath(namesake)}'` }),
  });
}
