import { equalsText } from './text/bytes.ts';
import { argument, countArguments, outputPath, readEnvironment, textLength } from './host/environment.ts';
import { EXIT_USAGE, fail } from './host/failure.ts';
import { fetchGit } from './git/fetch.ts';
import { readGit } from './git/read.ts';
import { fetchHttp } from './http/fetch.ts';
import { fetchCrate } from './registries/crates.ts';
import { fetchGo } from './registries/go.ts';
import { fetchNpm } from './registries/npm.ts';
import { fetchOci } from './registries/oci.ts';
import { fetchPypi } from './registries/pypi.ts';

/** The program that fetches every built-in remote island. Each command is described where it is defined. */
readEnvironment();
outputPath();
if (isCommand('git', 5)) fetchGit(false);
else if (isCommand('git-submodules', 5)) fetchGit(true);
else if (countArguments() > 4 && isNamed('git-read')) readGit();
else if (isCommand('http', 4)) fetchHttp();
else if (isCommand('npm', 6)) fetchNpm();
else if (isCommand('crates', 6)) fetchCrate();
else if (isCommand('pypi', 6)) fetchPypi();
else if (isCommand('go', 6)) fetchGo();
else if (isCommand('oci', 7)) fetchOci();
else fail(EXIT_USAGE, 'there is no such command, or it has other arguments');

function isCommand(name: string, count: i32): bool {
  return countArguments() == count && isNamed(name);
}

function isNamed(name: string): bool {
  return equalsText(argument(1), textLength(argument(1)), name);
}
