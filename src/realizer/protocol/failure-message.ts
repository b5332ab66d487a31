import { create } from '@bufbuild/protobuf';
import { diagnosticFromJson, diagnosticToJson } from '../../diagnostics/index.ts';
import type { RealizeFailure, RequestFailure } from '../index.ts';
import { type Failure, FailureSchema } from './generated/cab/realizer/v1/realizer_pb.js';

/** Why a derivation has no outputs, as a message. */
export function failureMessageOf({ diagnostic, program }: RealizeFailure): Failure {
  return create(FailureSchema, {
    diagnostic: JSON.stringify(diagnosticToJson(diagnostic)),
    program: program === undefined ? '' : JSON.stringify(program),
  });
}

/** The failure that a message tells of, or undefined where it is malformed. */
export function failureOfMessage({ diagnostic, program }: Failure): RealizeFailure | undefined {
  const told = diagnosticFromJson(diagnostic, 'CAB4030');
  if (told === undefined) return undefined;
  if (program === '') return { outcome: 'failed', diagnostic: told };
  const end = programOf(program);
  return end && { outcome: 'failed', diagnostic: told, program: end };
}

type ProgramEnd = NonNullable<RealizeFailure['program']>;

function programOf(text: string): ProgramEnd | undefined {
  const { exitCode, lastLine, request } = (objectIn(text) ?? {}) as Readonly<Record<string, unknown>>;
  const failure = request === undefined ? undefined : requestOf(request);
  if (request !== undefined && failure === undefined) return undefined;
  return {
    exitCode: typeof exitCode === 'number' ? exitCode : undefined,
    lastLine: typeof lastLine === 'string' ? lastLine : undefined,
    request: failure,
  };
}

const requestKinds: Readonly<Record<RequestFailure['kind'], true>> = {
  unreachable: true,
  certificate: true,
  'not-allowed': true,
  credentials: true,
  malformed: true,
  timeout: true,
  cut: true,
  redirects: true,
  status: true,
};

const credentialStates: Readonly<Record<NonNullable<RequestFailure['server']>['credentials'], true>> = {
  none: true,
  shown: true,
  'withheld-from-http': true,
  'withheld-after-redirect': true,
};

function requestOf(value: unknown): RequestFailure | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, url, detail, status, server, retryAfterMs } = value as Partial<RequestFailure>;
  if (kind === undefined || !Object.hasOwn(requestKinds, kind)) return undefined;
  if (typeof url !== 'string' || typeof detail !== 'string') return undefined;
  return {
    kind,
    url,
    detail,
    ...(typeof status === 'number' && { status }),
    ...(isServer(server) && { server: { host: server.host, credentials: server.credentials } }),
    ...(typeof retryAfterMs === 'number' && { retryAfterMs }),
  };
}

function isServer(server: RequestFailure['server']): server is NonNullable<RequestFailure['server']> {
  return typeof server?.host === 'string' && Object.hasOwn(credentialStates, server.credentials);
}

function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
