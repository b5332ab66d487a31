import { type Command, Command_OutputDirectoryFormat } from '../../protocol/index.ts';
import { invalid } from './action-fault.ts';
import { isRelativePath } from './relative-path.ts';

/** What a command says that it makes, each path from its working folder on. */
export interface ExpectedOutputs {
  readonly paths: readonly string[];
  /** Those of them that clients before 2.1 say to be files, and folders. */
  readonly kinds: ReadonlyMap<string, 'file' | 'directory'>;
  readonly workingFolder: string;
  readonly withTree: boolean;
  readonly withRootDirectory: boolean;
}

const pathsLimit = 100_000;

/** @throws ActionFault where a path leads elsewhere. */
export function expectedOutputsOf(command: Command): ExpectedOutputs {
  const { outputPaths, outputFiles, outputDirectories, workingDirectory, outputDirectoryFormat } = command;
  // Buildbox's trexe calls the input root so.
  const workingFolder = workingDirectory === '.' ? '' : workingDirectory;
  const isNew = outputPaths.length > 0;
  const paths = [...new Set(isNew ? outputPaths : [...outputFiles, ...outputDirectories])];
  if (paths.length > pathsLimit) throw invalid(`the command names more than ${pathsLimit} outputs`);
  for (const path of [workingFolder, ...paths]) {
    if (!isRelativePath(path))
      throw invalid(`the path '${path}' of the command is not one below its input root, such as 'a/b'`);
  }
  const kinds = new Map<string, 'file' | 'directory'>();
  if (!isNew) {
    for (const path of outputFiles) kinds.set(path, 'file');
    for (const path of outputDirectories) kinds.set(path, 'directory');
  }
  return {
    paths: paths.toSorted(),
    kinds,
    workingFolder,
    withTree: outputDirectoryFormat !== Command_OutputDirectoryFormat.DIRECTORY_ONLY,
    withRootDirectory: outputDirectoryFormat !== Command_OutputDirectoryFormat.TREE_ONLY,
  };
}
