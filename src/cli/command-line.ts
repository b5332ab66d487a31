import { parseArgs } from 'node:util';
import { didYouMean } from '../diagnostics/index.ts';
import type { Command, Option, OptionValues } from './command.ts';
import { defaultErrorLimit } from './failure.ts';
import { UsageError } from './options.ts';

/** Options that every command has. */
const commonOptions: Readonly<Record<string, Option>> = {
  'log-format': {
    type: 'string',
    placeholder: 'FORMAT',
    description: 'how progress and errors are shown: terminal, plain or json',
  },
  'max-errors': {
    type: 'string',
    placeholder: 'COUNT',
    description: `how many errors are shown (${defaultErrorLimit}; 0 shows all)`,
  },
  help: { type: 'boolean', short: 'h', description: 'show this help' },
};

export interface CommandLine {
  readonly command: Command;
  readonly values: OptionValues;
  readonly words: readonly string[];
}

/** What stands in the command line behind `cab`. */
export function parseCommandLine(commands: readonly Command[], words: readonly string[]): CommandLine {
  const command = findCommand(commands, words);
  const rest = words.slice(command.name.split(' ').length);
  const options = { ...commonOptions, ...command.options };
  const help = `see cab ${command.name} --help`;
  refuseUnknown(rest, command, Object.keys(options), help);
  try {
    const { values, positionals } = parseArgs({
      args: withValues(rest, options, help),
      options,
      allowPositionals: true,
      strict: true,
    });
    const surplus = positionals[command.wordsLimit ?? Number.POSITIVE_INFINITY];
    if (surplus !== undefined) throw new UsageError(`cab ${command.name} takes no '${surplus}'`, help);
    return { command, values, words: positionals };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const [message = ''] = (error as Error).message.split('. To specify');
    throw new UsageError(message, help);
  }
}

function refuseUnknown(
  words: readonly string[],
  command: Command,
  known: readonly string[],
  help: string,
): void {
  for (const word of words) {
    if (word === '--') return;
    const name = /^--([^=]+)/.exec(word)?.[1];
    if (name === undefined || known.includes(name)) continue;
    const hint = didYouMean(name, known)?.replace("'", "'--") ?? help;
    throw new UsageError(`cab ${command.name} has no option '--${name}'`, hint);
  }
}

/** The words with each option's value in the word of the option: a value may begin with a hyphen, as `-1` does. */
function withValues(
  words: readonly string[],
  options: Readonly<Record<string, Option>>,
  help: string,
): string[] {
  const joined: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    if (word === '--') return [...joined, ...words.slice(index)];
    const option = word.startsWith('--') ? options[word.slice(2)] : undefined;
    if (option?.type !== 'string') {
      joined.push(word);
      continue;
    }
    index++;
    const value = words[index];
    if (value === undefined || value.startsWith('--')) {
      throw new UsageError(`${word} lacks its value: ${word} ${option.placeholder ?? 'VALUE'}`, help);
    }
    joined.push(`${word}=${value}`);
  }
  return joined;
}

function findCommand(commands: readonly Command[], words: readonly string[]): Command {
  const [first = '', second = ''] = words;
  const found =
    commands.find(({ name }) => name === `${first} ${second}`) ?? commands.find(({ name }) => name === first);
  if (found !== undefined) return found;
  const group = groupOf(commands, first);
  if (group.length > 0) throw notInGroup(first, second, group);
  const hint =
    didYouMean(
      first,
      commands.map(({ name }) => name),
    ) ?? 'see cab --help';
  throw new UsageError(`there is no command '${first}'`, hint);
}

/** The commands of two words that begin with this one. */
export function groupOf(commands: readonly Command[], first: string): readonly Command[] {
  return commands.filter(({ name }) => name.startsWith(`${first} `));
}

function notInGroup(first: string, second: string, group: readonly Command[]): UsageError {
  const words = group.map(({ name }) => name.slice(first.length + 1));
  if (second === '' || second.startsWith('-')) {
    return new UsageError(`cab ${first} needs one more word: ${words.join(', ')}`);
  }
  return new UsageError(
    `there is no command '${first} ${second}'`,
    didYouMean(second, words) ?? `see cab ${first} --help`,
  );
}

/** The text of `cab store` and its like. */
export function groupHelp(first: string, group: readonly Command[]): string {
  return `Usage: cab ${first} COMMAND [ARGUMENT…]\n\n${summaryLines(group)}\n\ncab ${first} COMMAND --help tells more of each.\n`;
}

function summaryLines(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return commands.map(({ name, summary }) => `  cab ${name.padEnd(width)}  ${summary}`).join('\n');
}

/** The text of `cab --help`. */
export function overviewHelp(commands: readonly Command[]): string {
  return `Cab builds from islands: remote source trees that are named once, and whose hashes nobody writes.

Usage: cab COMMAND [ARGUMENT…]

${summaryLines(commands)}

An installable is a folder with a default.cab, a .cab file, or an island such as github:cull-os/cab; behind it
'#a.b' picks an attribute. Without one it is the folder you are in.

  cab build                        build the project here, and pin its new islands in cab.lock
  cab build ./tools#formatter      one attribute of another folder's project
  cab build --update               ask every island's origin for news, and build with them
  cab eval --json '#version'       only evaluate

Environment: CAB_STORE names the store's folder, CAB_CONFIG the configuration file.
Exit codes: 0 done, 1 the expression or the build failed, 2 the command line does not fit, 3 Cab's own fault.
cab COMMAND --help tells more of each.
`;
}

/** The text of `cab COMMAND --help`. */
export function commandHelp(command: Command): string {
  const options = Object.entries({ ...command.options, ...commonOptions }).map(([name, option]) => {
    const short = option.short === undefined ? '' : `-${option.short}, `;
    const value = option.placeholder === undefined ? '' : ` ${option.placeholder}`;
    return [`${short}--${name}${value}`, option.description] as const;
  });
  const width = Math.max(...options.map(([left]) => left.length));
  const lines = options.map(([left, description]) => `  ${left.padEnd(width)}  ${description}`);
  const usage = ['cab', command.name, command.usage].filter((word) => word !== '').join(' ');
  return `${command.summary}\n\nUsage: ${usage}\n\n${command.description.trim()}\n\nOptions:\n${lines.join('\n')}\n`;
}
