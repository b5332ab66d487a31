import type { FileSystem } from './files/file-system.ts';
import type { GuestMemory } from './guest-memory.ts';
import type { LineSink } from './system/descriptors.ts';
import type { DescriptorTable } from './system/descriptors.ts';
import type { Clock } from './system/clock.ts';
import type { RandomSource } from './system/random.ts';

/** What the functions of the host work on, for one program. */
export interface ProgramContext {
  /** There only once the program has been instantiated, which is before it can call anything. */
  readonly memory: () => GuestMemory;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly files: FileSystem;
  readonly descriptors: DescriptorTable;
  readonly claims: LineSink;
  readonly clock: Clock;
  /** Whether a program that sleeps is to wait: where the clock stands still there is nothing to wait for. */
  readonly clockMoves: boolean;
  readonly random: RandomSource;
}
