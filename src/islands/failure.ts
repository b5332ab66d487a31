import type { Diagnostic, DiagnosticCode } from '../diagnostics/index.ts';

/** How `fetch.wasm` ended, as far as a realizer tells. */
export interface FetchFailure {
  readonly exitCode: number | undefined;
  /** The last line that the program wrote to its log. */
  readonly lastLine: string | undefined;
  readonly request:
    | { readonly kind: string; readonly url: string; readonly detail: string; readonly status?: number }
    | undefined;
}

/** The exit codes of `fetch.wasm`, as its `exit.ts` has them. */
const codes: ReadonlyMap<number, readonly [DiagnosticCode, string, string?]> = new Map([
  [11, ['CAB3204', 'its origin has no such branch, tag or commit']],
  [
    12,
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
] as const);

/** What to tell the user of an island that could not be fetched, or undefined where the general message says more. */
export function explainFetchFailure(island: string, failure: FetchFailure): Diagnostic | undefined {
  const request = explainRequest(island, failure);
  if (request !== undefined) return request;
  const known = failure.exitCode === undefined ? undefined : codes.get(failure.exitCode);
  if (known === undefined) return undefined;
  const [code, why, hint] = known;
  return {
    code,
    severity: 'error',
    message: `the island '${island}' cannot be fetched: ${why}`,
    ...(failure.lastLine !== undefined && { notes: [failure.lastLine] }),
    ...(hint !== undefined && { hint }),
  };
}

function explainRequest(island: string, { request, exitCode }: FetchFailure): Diagnostic | undefined {
  if (request === undefined) return undefined;
  if (request.kind === 'status' && exitCode !== 10) return undefined;
  if (request.kind !== 'status' && exitCode !== 18 && exitCode !== 12) return undefined;
  const head = `the island '${island}' cannot be fetched:`;
  const notes = [`the request was for ${request.url}`];
  switch (request.kind) {
    case 'status':
      return {
        code: 'CAB3203',
        severity: 'error',
        message: `${head} its origin answered with status ${request.status}`,
        notes,
        hint: hintForStatus(request.status),
      };
    case 'certificate':
      return {
        code: 'CAB3202',
        severity: 'error',
        message: `${head} the server's certificate is not accepted (${request.detail})`,
        notes,
        hint: hintForCertificate(request.detail),
      };
    case 'redirects':
      return {
        code: 'CAB3203',
        severity: 'error',
        message: `${head} its origin redirects without end (${request.detail})`,
        notes,
        hint: 'check the address in a browser, and name the one that it leads to',
      };
    case 'cut':
      return {
        code: 'CAB3205',
        severity: 'error',
        message: `${head} the connection was lost before everything had come`,
        notes,
        hint: 'try again; what had come whole is kept',
      };
    default:
      return {
        code: 'CAB3201',
        severity: 'error',
        message: `${head} its origin cannot be reached (${request.detail})`,
        notes,
        hint: 'check the address and the network; what is pinned and in the store can be built with --offline',
      };
  }
}

function hintForCertificate(detail: string): string {
  if (detail.includes('authority')) {
    return "if the server has an authority of its own, name its file under 'certificate-authorities' in the configuration";
  }
  return "this is for whoever runs the server to mend; if it worked before, check this machine's clock too";
}

function hintForStatus(status: number | undefined): string {
  if (status === 404 || status === 410)
    return 'check the spelling; private sources answer so too where no credentials are given';
  if (status === 401 || status === 403) return 'the origin wants credentials';
  if (status === 429) return 'the origin limits how often it is asked: try again later';
  return 'try again later';
}
