export { type Certificate, type Certificates, makeCertificates } from './authority.ts';
export { cabCommand, CabRig, type LockFile, makeCabRig, withCab } from './cab-rig.ts';
export { assertGolden, updatesGoldens } from './golden.ts';
export { chooseSeed, randomFrom } from './random.ts';
export { readTree, type Tree, type TreeEntry } from './read-tree.ts';
export * from './repository/index.ts';
export { type CommandResult, type RunningCommand, startCommand } from './run-command.ts';
export * from './server/index.ts';
export { makeTemporaryFolder, removeFolder } from './temporary-folder.ts';
