import type { Http2Session } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { ShownCertificate } from '../access/authentication.ts';

/** What connections have shown: it is asked for once, since all calls of a connection have it. */
const shown = new WeakMap<Http2Session, ShownCertificate | 'none'>();

/** The certificate that the client of a connection has shown, undefined where it has shown none. */
export function certificateOf(session: Http2Session): ShownCertificate | undefined {
  const known = shown.get(session);
  if (known !== undefined) return known === 'none' ? undefined : known;
  const certificate = readCertificate(session.socket as TLSSocket);
  shown.set(session, certificate ?? 'none');
  return certificate;
}

function readCertificate(socket: TLSSocket): ShownCertificate | undefined {
  // Connections without TLS have no such method.
  const certificate =
    typeof socket.getPeerX509Certificate === 'function' ? socket.getPeerX509Certificate() : undefined;
  if (certificate === undefined) return undefined;
  const commonName = certificate.toLegacyObject().subject.CN;
  return {
    isTrusted: socket.authorized,
    isFor: (name) =>
      commonName === name ||
      certificate.checkHost(name, { subject: 'never', wildcards: false }) !== undefined,
  };
}
