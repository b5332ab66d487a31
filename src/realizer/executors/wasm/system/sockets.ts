import { errno } from '../files/errno.ts';
import type { HostFunctions } from '../host-functions.ts';
import type { ProgramContext } from '../program-context.ts';

/** `sock_*`: no descriptor of a program is a socket, and it can make none. */
export function socketFunctions({ descriptors }: ProgramContext): HostFunctions {
  const refuse = (number: number): number =>
    descriptors.get(number) === undefined ? errno.badDescriptor : errno.notSocket;
  return { sock_accept: refuse, sock_recv: refuse, sock_send: refuse, sock_shutdown: refuse };
}
