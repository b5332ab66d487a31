import { readFileSync } from 'node:fs';
import type { Agent } from 'node:http';
import type { Agent as SecureAgent } from 'node:https';
import { createSecureContext, getCACertificates } from 'node:tls';
import { hostLimits } from '../limits.ts';
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

/**
 * Agents that trust the usual authorities and those of some PEM files besides.
 * @throws where one of the files cannot be read.
 */
export function createAgents(certificateAuthorities: readonly string[]): Agents {
  const http = new HttpAgent(options);
  if (certificateAuthorities.length === 0) return { http, https: new HttpsAgent(options) };
  const additional = certificateAuthorities.map((file) => readFileSync(file, 'utf8'));
  const secureContext = createSecureContext({ ca: [...getCACertificates('default'), ...additional] });
  return { http, https: new HttpsAgent({ ...options, secureContext }) };
}
