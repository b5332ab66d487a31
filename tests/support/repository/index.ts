export { git, gitEnvironment, type GitOptions } from './git.ts';
export { makeLarge, type LargeOptions } from './large.ts';
export { makeRepository, type FileContent, Repository, type RepositoryOptions } from './repository.ts';
export { makeVaried } from './varied.ts';
