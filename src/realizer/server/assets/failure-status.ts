import { create } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import type { Diagnostic, DiagnosticCode } from '../../../diagnostics/index.ts';
import { explainFetchFailure } from '../../../islands/index.ts';
import type { RealizeFailure } from '../../index.ts';
import { type Status, StatusSchema } from '../../protocol/index.ts';

/** By what an asset that could not be fetched is told, where no status of its origin says more. What failed a check is `ABORTED`, as the API has it. */
const codes: Readonly<Partial<Record<DiagnosticCode, Code>>> = {
  CAB3103: Code.Aborted,
  CAB3201: Code.Unavailable,
  CAB3202: Code.PermissionDenied,
  CAB3203: Code.Unavailable,
  CAB3204: Code.NotFound,
  CAB3205: Code.Aborted,
  CAB3206: Code.Aborted,
  CAB3207: Code.NotFound,
  CAB3208: Code.Unimplemented,
  CAB3210: Code.Unimplemented,
  CAB3212: Code.NotFound,
  CAB3213: Code.Aborted,
  CAB3214: Code.PermissionDenied,
  CAB3215: Code.ResourceExhausted,
  CAB3216: Code.PermissionDenied,
};

/** Why an asset could not be fetched, in the words that the island has for it. */
export function statusOfFailure(island: string, { diagnostic, program }: RealizeFailure): Status {
  const told = (program && explainFetchFailure(island, program)) ?? diagnostic;
  const { request } = program ?? {};
  const code = request === undefined ? undefined : codeOfRequest(request.kind, request.status);
  return create(StatusSchema, { code: code ?? codes[told.code] ?? Code.Aborted, message: messageOf(told) });
}

export function statusOf(code: Code, message: string): Status {
  return create(StatusSchema, { code, message });
}

function codeOfRequest(kind: string, status: number | undefined): Code | undefined {
  if (kind === 'timeout') return Code.DeadlineExceeded;
  if (kind === 'not-allowed') return Code.PermissionDenied;
  return status === 404 || status === 410 ? Code.NotFound : undefined;
}

/** Such as which digest came and which was wanted, which stands in the notes. */
function messageOf({ message, notes = [] }: Diagnostic): string {
  return [message, ...notes].join(': ');
}
