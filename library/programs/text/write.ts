import { equalsText } from '../../../fetcher/text/bytes.ts';
import { path_set_executable } from '../../../fetcher/host/cab.ts';
import { argument, outputPath, textLength, value } from '../../../fetcher/host/environment.ts';
import { EXIT_FILES, EXIT_USAGE, fail } from '../../../fetcher/host/failure.ts';
import { ROOT_DIRECTORY, close, createFile, write } from '../../../fetcher/host/files.ts';

/** `write <executable>`: the output is one file, with the value of the variable `text`. */
export function writeText(): void {
  const executable = argument(2);
  const plain = equalsText(executable, textLength(executable), '0');
  if (!plain && !equalsText(executable, textLength(executable), '1')) {
    fail(EXIT_USAGE, 'neither 0 nor 1:', executable, textLength(executable));
  }
  const text = value('text');
  if (text == 0) fail(EXIT_USAGE, 'the variable text is not set');
  const path = outputPath();
  const file = createFile(ROOT_DIRECTORY, path, textLength(path));
  write(file, text, textLength(text));
  close(file);
  if (!plain) makeExecutable(path, textLength(path));
}

export function makeExecutable(path: usize, length: i32): void {
  const error = path_set_executable(ROOT_DIRECTORY, path, length, 1);
  if (error != 0) fail(EXIT_FILES, 'cannot make executable:', path, length, error);
}
