export { git } from './git.ts';
export { makeLarge, writeLarge } from './large.ts';
export { makeRepository, type FileContent, type Repository, type RepositoryOptions } from './repository.ts';
export { makeVaried } from './varied.ts';
