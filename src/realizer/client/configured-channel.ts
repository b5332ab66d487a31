import { readFile } from 'node:fs/promises';
import type { Transport } from '@connectrpc/connect';
import { DiagnosticError } from '../../diagnostics/index.ts';
import { type RemoteConfiguration, isOnThisMachine, readSecret } from '../index.ts';
import { Channel, type ClientTls, type OpenOptions } from './channel.ts';
import type { OutgoingCall } from './outgoing-call.ts';

/** The channel to a configured realizer. Token and certificates are read, or asked for, when something is first called. */
export class ConfiguredChannel {
  readonly transport: Transport = {
    unary: async (...call) => await (await this.#channel()).transport.unary(...call),
    stream: async (...call) => await (await this.#channel()).transport.stream(...call),
  };
  readonly isFar: boolean;
  readonly #configuration: RemoteConfiguration;
  readonly #version: string;
  #opened: Promise<Channel> | undefined;

  /** `version` is that of Cab. */
  constructor(configuration: RemoteConfiguration, version: string) {
    this.isFar = !isOnThisMachine(configuration.address);
    this.#configuration = configuration;
    this.#version = version;
  }

  async open(path: string, limits: OpenOptions = {}): Promise<OutgoingCall> {
    return await (await this.#channel()).open(path, limits);
  }

  async close(): Promise<void> {
    const channel = await this.#opened?.catch(() => undefined);
    channel?.close();
  }

  /** @throws DiagnosticError CAB4048 where there is nothing to show, or no authority to trust. */
  #channel(): Promise<Channel> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async #open(): Promise<Channel> {
    const { address } = this.#configuration;
    return new Channel({
      address,
      version: this.#version,
      token: await this.#token(),
      tls: address.kind === 'tcp' && address.secure ? await this.#tls() : undefined,
    });
  }

  async #tls(): Promise<ClientTls> {
    const { certificateAuthorities, identity } = this.#configuration;
    return {
      authorities: await Promise.all(certificateAuthorities.map((file) => this.#readPem(file))),
      identity: identity && {
        certificate: await this.#readPem(identity.certificate),
        key: await this.#readPem(identity.key),
      },
    };
  }

  async #token(): Promise<string | undefined> {
    const { token } = this.#configuration;
    const read = token && (await readSecret(token));
    if (read?.ok === false) throw this.#cannotBeHad(read.why);
    return read?.text;
  }

  async #readPem(file: string): Promise<string> {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      throw this.#cannotBeHad(`the file '${file}' cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
  }

  #cannotBeHad(why: string): DiagnosticError {
    const { name } = this.#configuration;
    return new DiagnosticError({
      code: 'CAB4048',
      severity: 'error',
      message: `what is needed to connect to the realizer '${name}' cannot be had: ${why}`,
      hint: `look at [realizers.${name}] in the configuration`,
    });
  }
}
