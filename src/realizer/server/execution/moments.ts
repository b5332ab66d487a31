import { type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { ExecutedActionMetadataSchema } from '../../protocol/index.ts';

/** The moments of an action's way, in milliseconds since 1970, as far as it has come. */
export interface Moments {
  queuedMs?: number;
  startedMs?: number;
  inputsBeganMs?: number;
  inputsEndedMs?: number;
  programBeganMs?: number;
  programEndedMs?: number;
  outputsBeganMs?: number;
  outputsEndedMs?: number;
  endedMs?: number;
}

/** The moments of an action's way as the API has them. */
export function executedMetadataOf(
  moments: Moments,
  worker: string,
): MessageInitShape<typeof ExecutedActionMetadataSchema> {
  const stamps = Object.entries(fields).flatMap(([moment, field]) => {
    const ms = moments[moment as keyof Moments];
    return ms === undefined ? [] : [[field, timestampFromMs(ms)] as const];
  });
  return { worker, ...Object.fromEntries(stamps) };
}

const fields: Readonly<Record<keyof Moments, keyof MessageInitShape<typeof ExecutedActionMetadataSchema>>> = {
  queuedMs: 'queuedTimestamp',
  startedMs: 'workerStartTimestamp',
  inputsBeganMs: 'inputFetchStartTimestamp',
  inputsEndedMs: 'inputFetchCompletedTimestamp',
  programBeganMs: 'executionStartTimestamp',
  programEndedMs: 'executionCompletedTimestamp',
  outputsBeganMs: 'outputUploadStartTimestamp',
  outputsEndedMs: 'outputUploadCompletedTimestamp',
  endedMs: 'workerCompletedTimestamp',
};
