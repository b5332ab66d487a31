import type { ProgramLimits } from '../../../program-limits.ts';
import type { NetworkSettings } from '../messages.ts';
import { type AllAgents, createAgents } from './agents.ts';
import type { Failure } from './failure.ts';
import { Gate } from './gate.ts';
import { Keyring } from './keyring.ts';
import { Pauses } from './pauses.ts';

/** What the programs of one worker have in common when they send requests. */
export interface Network {
  readonly agents: AllAgents;
  readonly keyring: Keyring;
  readonly pauses: Pauses;
  /** Undefined where programs may reach whatever the machine can. */
  readonly gate: Gate | undefined;
  readonly mirrors: ReadonlyMap<string, string>;
  readonly timeoutMs: number;
  /** How many bytes of answers one program may get. */
  readonly receivedLimit: number;
}

export function createNetwork(settings: NetworkSettings, limits: ProgramLimits): Network | Failure {
  const agents = createAgents(settings.certificateAuthorities);
  if ('detail' in agents) return agents;
  return {
    agents,
    keyring: new Keyring(settings.credentials, settings.netrcFile),
    pauses: new Pauses(),
    gate: settings.network.kind === 'public-only' ? new Gate(settings.network) : undefined,
    mirrors: settings.mirrors,
    timeoutMs: settings.requestTimeoutMs,
    receivedLimit: limits.received,
  };
}
