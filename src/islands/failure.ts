import type { Diagnostic, DiagnosticCode } from '../diagnostics/index.ts';
import { type RequestFailure, explainRequest } from './request-failure.ts';

/** How `fetch.wasm` ended, as far as a realizer tells. */
export interface FetchFailure {
  readonly exitCode: number | undefined;
  /** The last line that the program wrote to its log. */
  readonly lastLine: string | undefined;
  readonly request: RequestFailure | undefined;
}

/** The program's exit codes that are about what was asked of the origin, as its `failure.ts` has them. */
const exitStatus = 10;
const exitNoSuchRef = 11;
const exitCorrupt = 12;
const exitNetwork = 18;

/** A code, why it is so, and what to do. */
type Words = readonly [DiagnosticCode, string, string?];

const codes: ReadonlyMap<number, Words> = new Map<number, Words>([
  [exitNoSuchRef, ['CAB3204', 'its origin has no such branch, tag or commit']],
  [
    exitCorrupt,
    [
      'CAB3205',
      'its origin sent data that is corrupt or incomplete',
      'try again; if it stays so, tell who runs the server',
    ],
  ],
  [13, ['CAB3206', 'it holds an entry that would lie outside of its tree, or has a forbidden name']],
  [14, ['CAB3208', 'its origin asks for something that Cab does not support']],
  [15, ['CAB3207', 'it has no such sub-tree']],
  [17, ['CAB3205', 'it exceeds a limit']],
  [19, ['CAB3210', 'its origin gives a commit only as a whole']],
  [
    20,
    [
      'CAB3213',
      'what came has another digest than the one that was published',
      'nothing of it was kept; if it stays so, tell who runs the server: it, or somebody on the way, has changed what was published',
    ],
  ],
]);

/** What a missing version is, where the origin keeps versions and not branches. */
const versionCodes: ReadonlyMap<string, Words> = new Map<string, Words>([
  ['npm', ['CAB3212', 'its registry has the package, and no such version or tag of it']],
  ['crates', ['CAB3212', 'its registry has the crate, and no such version of it']],
  [
    'pypi',
    [
      'CAB3212',
      'its index has the project, and no such version of it that is a source or for any platform',
      'wheels that were built for one platform are not taken, as the same island has to be the same tree everywhere',
    ],
  ],
  [
    'oci',
    [
      'CAB3212',
      'its registry has the image, and not for this platform',
      'name one that it has, as in <oci:debian/bookworm?platform=linux/arm64>',
    ],
  ],
]);

/** What to tell the user of an island that could not be fetched, or undefined where the general message says more. */
export function explainFetchFailure(island: string, failure: FetchFailure): Diagnostic | undefined {
  const { exitCode, lastLine, request } = failure;
  if (request !== undefined && isAboutRequest(request, exitCode)) return explainRequest(island, request);
  if (exitCode === undefined) return undefined;
  const type = island.slice(0, island.indexOf(':'));
  const words = (exitCode === exitNoSuchRef ? versionCodes.get(type) : undefined) ?? codes.get(exitCode);
  if (words === undefined) return undefined;
  const [code, why, hint] = words;
  return {
    code,
    severity: 'error',
    message: `the island '${island}' cannot be fetched: ${why}`,
    ...(lastLine !== undefined && { notes: [lastLine] }),
    ...(hint !== undefined && { hint }),
  };
}

/** Whether the program ended because of its last request, and not of what it found in an answer. */
function isAboutRequest({ kind }: RequestFailure, exitCode: number | undefined): boolean {
  if (kind === 'status') return exitCode === exitStatus;
  return exitCode === exitNetwork || exitCode === exitCorrupt;
}
