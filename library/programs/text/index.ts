import { equalsText } from '../../../fetcher/text/bytes.ts';
import { argument, countArguments, readEnvironment, textLength } from '../../../fetcher/host/environment.ts';
import { EXIT_USAGE, fail } from '../../../fetcher/host/failure.ts';
import { substituteTree } from './substitute.ts';
import { writeText } from './write.ts';

/** The program that makes small texts: `write <executable>` or `substitute <source>`. */
readEnvironment();
if (isCommand('write')) writeText();
else if (isCommand('substitute')) substituteTree();
else fail(EXIT_USAGE, 'usage: write <0|1> | substitute <source>');

function isCommand(name: string): bool {
  return countArguments() == 3 && equalsText(argument(1), textLength(argument(1)), name);
}
