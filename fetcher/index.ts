import { equalsText } from './text/bytes.ts';
import { argument, countArguments, outputPath, readEnvironment, textLength } from './host/environment.ts';
import { EXIT_USAGE, fail } from './host/failure.ts';
import { fetchGit } from './git/fetch.ts';
import { fetchHttp } from './http/fetch.ts';

/** The program that fetches every built-in remote island: `git <url> <ref> <subtree>` or `http <url> <subtree>`. */
readEnvironment();
outputPath();
if (isCommand('git', 5)) fetchGit();
else if (isCommand('http', 4)) fetchHttp();
else fail(EXIT_USAGE, 'usage: git <url> <ref> <subtree> | http <url> <subtree>');

function isCommand(name: string, count: i32): bool {
  return countArguments() == count && equalsText(argument(1), textLength(argument(1)), name);
}
