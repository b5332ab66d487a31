import { readFileSync } from 'node:fs';
import type { Agent } from 'node:http';
import type { Agent as SecureAgent } from 'node:https';
import { type SecureContext, createSecureContext, getCACertificates } from 'node:tls';
import { hostLimits } from '../limits.ts';
import type { Failure } from './failure.ts';
import { HttpAgent, HttpsAgent } from './node-http.ts';

/** Keep connections open between requests. */
export interface Agents {
  readonly http: Agent;
  readonly https: SecureAgent;
}

/**
 * Most requests share connections, of which there is a bounded number to each server, and wait for one. A program that has not
 * read another response to its end has one already: if it waited for a second, all could wait for each other.
 */
interface AgentPair {
  readonly shared: Agents;
  readonly further: Agents;
}

/**
 * The connections to what a program has chosen, and to what the operator has: one that was opened because he allows it must never
 * serve a program that goes to the same place by itself.
 */
export interface AllAgents {
  readonly programs: AgentPair;
  readonly operators: AgentPair;
}

const options = {
  keepAlive: true,
  maxFreeSockets: hostLimits.idleConnections,
  scheduling: 'lifo',
  /** `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, in either case. */
  proxyEnv: process.env,
} as const;

/** Agents that trust the usual authorities and those of some PEM files besides; or why a file cannot be used. */
export function createAgents(certificateAuthorities: readonly string[]): AllAgents | Failure {
  const trust = trustIn(certificateAuthorities);
  if ('detail' in trust) return trust;
  const make = (maxSockets: number): Agents => ({
    http: new HttpAgent({ ...options, maxSockets }),
    https: new HttpsAgent({ ...options, maxSockets, ...trust }),
  });
  const makePair = (): AgentPair => ({
    shared: make(hostLimits.connectionsToServer),
    further: make(Infinity),
  });
  return { programs: makePair(), operators: makePair() };
}

function trustIn(certificateAuthorities: readonly string[]): { secureContext?: SecureContext } | Failure {
  if (certificateAuthorities.length === 0) return {};
  const trusted = [...getCACertificates('default')];
  for (const file of certificateAuthorities) {
    try {
      const certificates = readFileSync(file, 'utf8');
      createSecureContext({ ca: certificates });
      trusted.push(certificates);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const detail = `the certificate authorities in '${file}' cannot be used: ${reason}`;
      return { kind: 'certificate', detail, mayPass: false };
    }
  }
  return { secureContext: createSecureContext({ ca: trusted }) };
}
