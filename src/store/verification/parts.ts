import type { StorePath } from '../../foundation/index.ts';
import type { Blobs } from '../blobs.ts';
import type { Derivers } from '../derivers.ts';
import type { Helper } from '../helper/helper.ts';
import type { Metadata } from '../metadata.ts';
import type { Outputs } from '../outputs.ts';
import type { TemporaryPlace } from '../temporary.ts';
import type { Trees } from '../trees.ts';

/** Where an output lies on disk once it is materialised. */
export type MaterialisedPath = (path: StorePath) => string;

/** The parts of a store, as they are verified and repaired. */
export interface StoreParts {
  readonly folder: string;
  readonly blobs: Blobs;
  readonly trees: Trees;
  readonly outputs: Outputs;
  readonly derivers: Derivers;
  readonly metadata: Metadata;
  readonly helper: Helper;
  readonly temporary: TemporaryPlace;
  readonly materialisedPath: MaterialisedPath;
  readonly materialise: (path: StorePath) => string;
}
