import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { removeFolder } from '../../tests/support/index.ts';
import {
  makeThreeMachines,
  reasonForNoNetworks,
  type ThreeMachines,
} from '../../tests/support/networks/index.ts';
import type { Contender } from '../measure.ts';
import { type NixBuilder, startNixBuilder } from './nix-builder.ts';

/** A client that has another machine build for it, by Cab and by Nix. */
export class FarBench implements AsyncDisposable {
  readonly machines: ThreeMachines;
  readonly nix: NixBuilder | undefined;

  constructor(machines: ThreeMachines, nix: NixBuilder | undefined) {
    this.machines = machines;
    this.nix = nix;
  }

  /** A build by Cab on the other machine, in the project's folder. */
  cab(name: string, words: readonly string[], prepare: () => void | Promise<void>): Contender {
    const [program, ...args] = this.machines.command('build', '--realizer', 'far', ...words);
    const { project: folder, environment } = this.machines;
    return { name, program, args, folder, environment, prepare };
  }

  /** A build by Nix on the other machine, in the project's folder. */
  nixBuild(
    name: string,
    words: readonly string[],
    prepare: () => void | Promise<void>,
  ): readonly Contender[] {
    if (this.nix === undefined) return [];
    const [program, ...args] = this.machines.client.command(['nix-build', '--no-out-link', ...words]);
    const environment = this.nix.environment(this.nixStore);
    return [{ name, program, args, folder: this.machines.project, environment, prepare }];
  }

  get nixStore(): string {
    return path.join(this.machines.folder, 'nix-client');
  }

  write(name: string, text: string): void {
    writeFileSync(path.join(this.machines.project, name), text);
  }

  /** Lets the client forget everything. */
  async emptyClient(): Promise<void> {
    await removeFolder(this.machines.environment['CAB_STORE'] ?? '');
    await removeFolder(path.join(this.machines.project, 'cab.lock'));
  }

  /** Lets Nix forget everything, on both machines. */
  async emptyNix(): Promise<void> {
    await removeFolder(this.nixStore);
    if (this.nix === undefined) return;
    await removeFolder(this.nix.store);
    await removeFolder(this.nix.cache);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.nix?.stop();
    await this.machines[Symbol.asyncDispose]();
  }
}

/** Measures on three machines, or says why not. */
export async function onFarMachines(measure: (bench: FarBench) => Promise<void>): Promise<void> {
  const reason = reasonForNoNetworks();
  if (reason !== false) {
    console.log(`\nnothing is measured on other machines: ${reason}`);
    return;
  }
  const machines = await makeThreeMachines();
  const nix = await startNixBuilder(path.join(machines.folder, 'nix-builder'), machines.realizer);
  await using bench = new FarBench(machines, nix);
  await measure(bench);
}
