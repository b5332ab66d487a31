import { type HandlerContext, createContextKey } from '@connectrpc/connect';
import type { ClientIdentity } from './authentication.ts';

/** Of a call before it was told who makes it; nothing is served in this name. */
const nobody: ClientIdentity = { name: 'nobody', by: 'anonymous', may: new Set() };

export const clientKey = createContextKey<ClientIdentity>(nobody, { description: 'who makes the call' });

/** Who makes the call, for the handlers of services. */
export function clientOf({ values }: Pick<HandlerContext, 'values'>): ClientIdentity {
  return values.get(clientKey);
}
