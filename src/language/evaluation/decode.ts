import { fault } from './fault.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of bytes, which must be UTF-8. `name` says in messages what is read. */
export function decodeText(bytes: Uint8Array, name: string): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw fault(undefined, 'CAB2017', `${name} is not UTF-8 text`, {
      hint: 'a file of bytes can be used as a path, and hashed with hashFile, but not read',
    });
  }
}
