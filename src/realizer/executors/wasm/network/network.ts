import type { NetworkSettings } from '../messages.ts';
import { type AgentPair, createAgents } from './agents.ts';
import type { Failure } from './failure.ts';
import { Keyring } from './keyring.ts';
import { Pauses } from './pauses.ts';

/** What the programs of one worker have in common when they send requests. */
export interface Network {
  readonly agents: AgentPair;
  readonly keyring: Keyring;
  readonly pauses: Pauses;
  readonly mirrors: ReadonlyMap<string, string>;
  readonly timeoutMs: number;
}

export function createNetwork(settings: NetworkSettings): Network | Failure {
  const agents = createAgents(settings.certificateAuthorities);
  if ('detail' in agents) return agents;
  return {
    agents,
    keyring: new Keyring(settings.credentials, settings.netrcFile),
    pauses: new Pauses(),
    mirrors: settings.mirrors,
    timeoutMs: settings.requestTimeoutMs,
  };
}
