import { equalsText } from './text/bytes.ts';
import { argument, countArguments, outputPath, readEnvironment, textLength } from './host/environment.ts';
import { EXIT_USAGE, fail } from './host/failure.ts';
import { fetchGit } from './git/fetch.ts';
import { readGit } from './git/read.ts';
import { fetchHttp } from './http/fetch.ts';

/** The program that fetches every built-in remote island: `git <url> <ref> <subtree>` or `http <url> <subtree>`. */
readEnvironment();
outputPath();
if (isCommand('git', 5)) fetchGit(false);
else if (isCommand('git-submodules', 5)) fetchGit(true);
else if (countArguments() > 4 && isNamed('git-read')) readGit();
else if (isCommand('http', 4)) fetchHttp();
else fail(EXIT_USAGE, 'usage: git <url> <ref> <subtree> | http <url> <subtree>');

function isCommand(name: string, count: i32): bool {
  return countArguments() == count && isNamed(name);
}

function isNamed(name: string): bool {
  return equalsText(argument(1), textLength(argument(1)), name);
}
