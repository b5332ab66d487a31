import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { type IssueTicketResponse, IssueTicketResponseSchema } from '../../../protocol/index.ts';
import type { ClientIdentity } from '../../access/authentication.ts';
import type { Tickets } from '../../access/tickets.ts';

/** Hands the right to read on, for a short while: a realizer that shows the ticket is who had it issued, and may only read. */
export function issueTicket(
  client: ClientIdentity,
  { tickets }: { readonly tickets: Tickets },
): IssueTicketResponse {
  // Otherwise a ticket would last for ever, by a chain of others.
  if (client.by === 'ticket')
    throw new ConnectError('whoever shows a ticket is given no other one', Code.PermissionDenied);
  const { ticket, expiresMs } = tickets.issue(client.name);
  return create(IssueTicketResponseSchema, { ticket, expires: timestampFromMs(expiresMs) });
}
