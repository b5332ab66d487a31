import { readFileSync } from 'node:fs';
import type { Agent } from 'node:http';
import type { Agent as SecureAgent } from 'node:https';
import { createSecureContext, getCACertificates } from 'node:tls';
import { hostLimits } from '../limits.ts';
import type { Failure } from './failure.ts';
import { HttpAgent, HttpsAgent } from './node-http.ts';

/** Keeps connections open between requests, within bounds. */
export interface Agents {
  readonly http: Agent;
  readonly https: SecureAgent;
}

const options = {
  keepAlive: true,
  maxSockets: hostLimits.connectionsToServer,
  maxFreeSockets: hostLimits.idleConnections,
  scheduling: 'lifo',
} as const;

/** Agents that trust the usual authorities and those of some PEM files besides; or why a file cannot be used. */
export function createAgents(certificateAuthorities: readonly string[]): Agents | Failure {
  const http = new HttpAgent(options);
  if (certificateAuthorities.length === 0) return { http, https: new HttpsAgent(options) };
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
  return { http, https: new HttpsAgent({ ...options, secureContext: createSecureContext({ ca: trusted }) }) };
}
