import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, createSign, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { runTool } from './packages.ts';

/** A registry of container images: Debian's `docker-registry`, which may want tokens of a server of ours. */
export interface OciRegistry {
  readonly url: string;
  /** How often a token was given. */
  readonly tokens: () => number;
  readonly close: () => Promise<void>;
}

const issuer = 'an issuer';
const service = 'a service & more';

export async function startOciRegistry(
  folder: string,
  { withTokens = false }: { readonly withTokens?: boolean } = {},
): Promise<OciRegistry> {
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const tokens = withTokens ? await startTokenServer(folder) : undefined;
  const authority = path.join(folder, 'tokens.pem');
  const auth = `auth:
  token:
    realm: ${tokens?.url}/token?from=test
    service: ${service}
    issuer: ${issuer}
    rootcertbundle: ${authority}
`;
  const configuration = `version: 0.1
log: { level: info, accesslog: { disabled: true } }
storage:
  filesystem: { rootdirectory: ${path.join(folder, 'storage')} }
http: { addr: "127.0.0.1:${port}" }
${tokens === undefined ? '' : auth}`;
  await writeFile(path.join(folder, 'registry.yml'), configuration);
  const child = spawn('docker-registry', ['serve', path.join(folder, 'registry.yml')], {
    env: { PATH: process.env['PATH'], OTEL_TRACES_EXPORTER: 'none' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await listening(child);
  return {
    url: `http://127.0.0.1:${port}`,
    tokens: () => tokens?.given() ?? 0,
    async close() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
      await tokens?.close();
    },
  };
}

/** Copies an image from a layout on the disk, whole: all platforms of an index. */
export async function pushImage(
  registry: OciRegistry,
  layout: string,
  tag: string,
  repository: string,
  options: readonly string[] = [],
): Promise<void> {
  const target = `docker://${registry.url.replace('http://', '')}/${repository}:${tag}`;
  const words = ['copy', '--quiet', '--insecure-policy', '--all', '--dest-tls-verify=false', ...options];
  await runTool('skopeo', [...words, `oci:${layout}:${tag}`, target], path.dirname(layout));
}

/** A layer as a file, with the type of its compression. */
export interface Layer {
  readonly content: Uint8Array;
  readonly uncompressed: Uint8Array;
  readonly mediaType: string;
}

export interface Image {
  readonly platform: { readonly os: string; readonly architecture: string; readonly variant?: string };
  readonly layers: readonly Layer[];
}

/** Writes images as one layout of the OCI image specification, with an index if there are several. */
export async function writeLayout(layout: string, tag: string, images: readonly Image[]): Promise<void> {
  await mkdir(path.join(layout, 'blobs', 'sha256'), { recursive: true });
  const manifests = [];
  for (const image of images) manifests.push(await writeImage(layout, image));
  const index = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests };
  const named = images.length === 1 ? manifests[0] : await writeBlob(layout, index.mediaType, json(index));
  const top = { ...named, annotations: { 'org.opencontainers.image.ref.name': tag } };
  await writeFile(path.join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  await writeFile(path.join(layout, 'index.json'), json({ schemaVersion: 2, manifests: [top] }));
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

async function writeImage(
  layout: string,
  { platform, layers }: Image,
): Promise<Descriptor & { readonly platform: object }> {
  const ids = layers.map(
    ({ uncompressed }) => `sha256:${createHash('sha256').update(uncompressed).digest('hex')}`,
  );
  const configuration = {
    ...platform,
    config: {},
    rootfs: { type: 'layers', diff_ids: ids },
  };
  const config = await writeBlob(layout, 'application/vnd.oci.image.config.v1+json', json(configuration));
  const described = [];
  for (const { mediaType, content } of layers) described.push(await writeBlob(layout, mediaType, content));
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = json({ schemaVersion: 2, mediaType, config, layers: described });
  return { ...(await writeBlob(layout, mediaType, manifest)), platform };
}

async function writeBlob(layout: string, mediaType: string, content: Uint8Array): Promise<Descriptor> {
  const hash = createHash('sha256').update(content).digest('hex');
  await writeFile(path.join(layout, 'blobs', 'sha256', hash), content);
  return { mediaType, digest: `sha256:${hash}`, size: content.length };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

async function listening(child: ChildProcess): Promise<void> {
  const lines = createInterface({ input: child.stderr as NodeJS.ReadableStream });
  const said: string[] = [];
  for await (const line of lines) {
    said.push(line);
    if (line.includes('listening on')) {
      // What is said from here on is read and forgotten, so that the registry never waits for a reader.
      child.stderr?.resume();
      return;
    }
  }
  throw new Error(`docker-registry does not start:\n${said.join('\n')}`);
}

async function freePort(): Promise<number> {
  const socket = createSocket();
  socket.listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address() as AddressInfo;
  socket.close();
  await once(socket, 'close');
  return port;
}

/** Gives a signed token (the distribution project's token specification) to whoever asks. */
async function startTokenServer(
  folder: string,
): Promise<{ readonly url: string; readonly given: () => number; readonly close: () => Promise<void> }> {
  const key = path.join(folder, 'tokens.key');
  const certificate = path.join(folder, 'tokens.pem');
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=tokens'];
  await runTool('openssl', [...request, '-keyout', key, '-out', certificate], folder);
  const chain = (await readFile(certificate, 'utf8')).replaceAll(/-----[^-]+-----|\s/g, '');
  const privateKey = await readFile(key, 'utf8');
  let given = 0;
  const server: Server = createServer((incoming, response) => {
    const { searchParams } = new URL(incoming.url ?? '/', 'http://host');
    const [type = '', name = '', actions = ''] = (searchParams.get('scope') ?? '').split(':');
    if (searchParams.get('service') !== service || searchParams.get('from') !== 'test') {
      response.writeHead(400).end('{}');
      return;
    }
    given++;
    const now = Math.floor(Date.now() / 1000);
    const access = [{ type, name, actions: actions.split(',') }];
    const claims = {
      iss: issuer,
      sub: '',
      aud: service,
      exp: now + 300,
      nbf: now - 10,
      iat: now,
      jti: randomUUID(),
      access,
    };
    const head = { typ: 'JWT', alg: 'RS256', x5c: [chain] };
    const signed = [head, claims].map((part) => json(part).toString('base64url')).join('.');
    const signature = createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url');
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ access_token: `${signed}.${signature}`, expires_in: 300 }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    given: () => given,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
