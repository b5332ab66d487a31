import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A certificate with its key, both as PEM. */
interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** Certificates as servers of tests show them, all signed by one authority but the last. */
export interface Certificates {
  /** The file with the authority's own certificate, for those who shall trust it. */
  readonly authorityFile: string;
  /** For 127.0.0.1 and localhost. */
  readonly good: Certificate;
  /** For a host that is not this one. */
  readonly wrongName: Certificate;
  /** Of yesterday. */
  readonly expired: Certificate;
  /** For this host, but signed by an authority that nobody has heard of. */
  readonly unknownAuthority: Certificate;
}

const thisHost = 'IP:127.0.0.1,DNS:localhost';

/** Makes an authority and its certificates in a folder, with the machine's `openssl`. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  await mkdir(folder, { recursive: true });
  await makeAuthority(folder, 'authority');
  await makeAuthority(folder, 'stranger');
  return {
    authorityFile: path.join(folder, 'authority.pem'),
    good: await makeCertificate(folder, { name: 'good', authority: 'authority', hosts: thisHost, days: 2 }),
    wrongName: await makeCertificate(folder, {
      name: 'wrong-name',
      authority: 'authority',
      hosts: 'DNS:elsewhere.example',
      days: 2,
    }),
    expired: await makeCertificate(folder, {
      name: 'expired',
      authority: 'authority',
      hosts: thisHost,
      days: -1,
    }),
    unknownAuthority: await makeCertificate(folder, {
      name: 'unknown-authority',
      authority: 'stranger',
      hosts: thisHost,
      days: 2,
    }),
  };
}

async function makeAuthority(folder: string, name: string): Promise<void> {
  const openssl = opensslIn(folder);
  await openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`);
  const subject = `/CN=The ${name} of a test`;
  await openssl(
    'req',
    '-x509',
    '-new',
    '-key',
    `${name}.key`,
    '-subj',
    subject,
    '-days',
    '2',
    '-out',
    `${name}.pem`,
  );
}

interface Order {
  readonly name: string;
  readonly authority: string;
  readonly hosts: string;
  readonly days: number;
}

async function makeCertificate(
  folder: string,
  { name, authority, hosts, days }: Order,
): Promise<Certificate> {
  const openssl = opensslIn(folder);
  await openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`);
  await openssl('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.request`);
  await writeFile(path.join(folder, `${name}.extensions`), `subjectAltName=${hosts}\n`);
  const signing = ['-CA', `${authority}.pem`, '-CAkey', `${authority}.key`, '-CAcreateserial'];
  const contents = ['-in', `${name}.request`, '-days', String(days), '-extfile', `${name}.extensions`];
  await openssl('x509', '-req', ...contents, ...signing, '-out', `${name}.pem`);
  return {
    certificate: await readFile(path.join(folder, `${name}.pem`), 'utf8'),
    key: await readFile(path.join(folder, `${name}.key`), 'utf8'),
  };
}

function opensslIn(folder: string): (...args: string[]) => Promise<unknown> {
  return (...args) => run('openssl', args, { cwd: folder });
}
