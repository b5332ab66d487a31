import type { Diagnostic, DiagnosticCode } from '../diagnostics/index.ts';

/** How the last request of a program came to nothing, as far as a realizer tells. */
export interface RequestFailure {
  readonly kind: string;
  readonly url: string;
  readonly detail: string;
  readonly place?: string;
  readonly status?: number;
  readonly server?: { readonly host: string; readonly credentials: string };
  readonly retryAfterMs?: number;
}

interface Words {
  readonly code: DiagnosticCode;
  readonly why: string;
  readonly hint: string;
}

export function explainRequest(island: string, request: RequestFailure): Diagnostic {
  const { code, why, hint } = wordsFor(island, request);
  return {
    code,
    severity: 'error',
    message: `the island '${island}' cannot be fetched: ${why}`,
    notes: [`the request was for ${request.url}`],
    hint,
  };
}

function wordsFor(island: string, request: RequestFailure): Words {
  const { kind, detail } = request;
  switch (kind) {
    case 'status':
      return wordsForStatus(island, request);
    case 'certificate':
      return {
        code: 'CAB3202',
        why: `the server's certificate is not accepted (${detail})`,
        hint: hintForCertificate(detail),
      };
    case 'redirects':
      return {
        code: 'CAB3203',
        why: `its origin redirects without end (${detail})`,
        hint: 'check the address in a browser, and name the one that it leads to',
      };
    case 'cut':
      return {
        code: 'CAB3205',
        why: 'the connection was lost before everything had come',
        hint: 'try again; what had come whole is kept',
      };
    case 'not-allowed':
      return wordsForRefusal(request);
    case 'credentials':
      return {
        code: 'CAB3216',
        why: detail,
        hint: 'they stand under [credentials], or in the netrc-file, of the configuration',
      };
    default:
      return {
        code: 'CAB3201',
        why: `its origin cannot be reached (${detail})`,
        hint: 'check the address and the network; what is pinned and in the store can be built with --offline',
      };
  }
}

function wordsForRefusal({ detail, place }: RequestFailure): Words {
  if (place === undefined)
    return {
      code: 'CAB3201',
      why: `the realizer does not send the request (${detail})`,
      hint: 'check the address, and where it leads',
    };
  return {
    code: 'CAB4060',
    why: detail,
    hint: `who runs the realizer can allow it: [network] allow = ["${place}"]; one on your own machine reaches what you reach`,
  };
}

/** What is missing where a registry answers that there is nothing. */
const missing: ReadonlyMap<string, string> = new Map([
  ['npm', 'its registry has no such package'],
  ['crates', 'its registry has no such crate'],
  ['pypi', 'its index has no such project'],
  ['go', 'its proxy has no such module, or no such version of it'],
  ['oci', 'its registry has no such image'],
]);

function wordsForStatus(island: string, request: RequestFailure): Words {
  const { status, server, retryAfterMs } = request;
  const answered = `its origin answered with status ${status}`;
  const isLimited = status === 429 || (status === 403 && retryAfterMs !== undefined);
  if (isLimited)
    return {
      code: 'CAB3215',
      why: `its origin limits how often it is asked (status ${status})`,
      hint: hintForLimit(request),
    };
  if (status === 401 || status === 403) {
    return {
      code: 'CAB3214',
      why: `its origin wants to know who asks (status ${status})`,
      hint: hintForAccess(island, server),
    };
  }
  if (status === 407) {
    return {
      code: 'CAB3214',
      why: 'the proxy wants to know who asks',
      hint: 'name a user and a password in the address of the proxy',
    };
  }
  if (status !== 404 && status !== 410) return { code: 'CAB3203', why: answered, hint: 'try again later' };
  const what = missing.get(island.slice(0, island.indexOf(':')));
  const scope =
    server?.credentials === 'shown'
      ? 'that these credentials may see it'
      : 'that it is not private: private sources answer so too where no credentials are given';
  return {
    code: what === undefined ? 'CAB3203' : 'CAB3212',
    why: what === undefined ? answered : `${what} (status ${status})`,
    hint: `check the spelling, and ${scope}`,
  };
}

function hintForAccess(island: string, server: RequestFailure['server']): string {
  if (server === undefined) return 'the origin wants credentials';
  const { host, credentials } = server;
  switch (credentials) {
    case 'shown':
      return `the credentials that the configuration has for '${host}' were refused: check that they are valid, and that they may see this`;
    case 'withheld-from-http':
      return `the configuration has credentials for '${host}', which are not sent over http: name an https address, or allow it there by allow-http = true`;
    case 'withheld-after-redirect':
      return `another server redirects to '${host}', and credentials are not sent along: name the address there as the island's own`;
    default: {
      const also = island.startsWith('oci:') ? '; registries answer so too where there is no such image' : '';
      return `name credentials in the configuration: [credentials] "${host}" = { token-file = "…" }${also}`;
    }
  }
}

function hintForLimit({ server, retryAfterMs }: RequestFailure): string {
  const when = retryAfterMs === undefined ? 'later' : `in ${durationOf(retryAfterMs)}`;
  const may =
    server?.credentials === 'none' ? `; with credentials for '${server.host}' the limit may be higher` : '';
  return `try again ${when}${may}`;
}

function durationOf(durationMs: number): string {
  const minutes = Math.ceil(durationMs / 60_000);
  if (minutes <= 1) return 'a minute';
  return minutes < 120 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}

function hintForCertificate(detail: string): string {
  if (detail.includes('authority')) {
    return "if the server has an authority of its own, name its file under 'certificate-authorities' in the configuration";
  }
  return "this is for whoever runs the server to mend; if it worked before, check this machine's clock too";
}
