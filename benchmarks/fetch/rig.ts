import path from 'node:path';
import { type CabRig, cabCommand, makeCabRig, removeFolder } from '../../tests/support/index.ts';
import type { Contender } from '../measure.ts';

/** A person with a forge on this machine, whose commands are measured. */
export class BenchRig implements AsyncDisposable {
  readonly rig: CabRig;
  readonly environment: Readonly<Record<string, string>>;

  constructor(rig: CabRig) {
    this.rig = rig;
    this.environment = { PATH: process.env['PATH'] ?? '', HOME: rig.home };
  }

  cab(name: string, args: readonly string[], prepare?: () => Promise<void>): Contender {
    const { rig, environment } = this;
    return {
      name,
      program: cabCommand,
      args,
      folder: rig.project,
      environment: { ...environment, CAB_STORE: rig.store, CAB_CONFIG: rig.configurationFile },
      ...(prepare === undefined ? {} : { prepare }),
    };
  }

  /** What makes nix use a store of its own in the folder. */
  nixEnvironment(folder: string): Readonly<Record<string, string>> {
    return {
      ...this.environment,
      NIX_STORE_DIR: path.join(folder, 'store'),
      NIX_STATE_DIR: path.join(folder, 'var'),
      NIX_LOCALSTATE_DIR: path.join(folder, 'var'),
      NIX_LOG_DIR: path.join(folder, 'log'),
      NIX_CONFIG: 'sandbox = false\nbuild-users-group =\nsubstitute = false',
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rig.dispose();
  }
}

export async function makeBenchRig(): Promise<BenchRig> {
  return new BenchRig(await makeCabRig());
}

/** Brings a project back to where nothing was ever fetched. */
export function emptyStore(rig: CabRig): () => Promise<void> {
  return async () => {
    await removeFolder(rig.store);
    await removeFolder(path.join(rig.project, 'cab.lock'));
  };
}
