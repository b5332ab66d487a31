import { type Site, fault } from '../../fault.ts';

/** Where an element of a list is needed, and there is none. */
export function emptyList(site: Site): Error {
  return fault(site.span, 'CAB2013', 'the list is empty, and an element of it is needed');
}
