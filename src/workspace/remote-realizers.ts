import { type ConfigurationFile, Settings } from '../configuration/index.ts';
import {
  type RealizerAddress,
  type RemoteConfiguration,
  type Secret,
  isOnThisMachine,
  parseRealizerAddress,
} from '../realizer/index.ts';

const known = [
  'address',
  'token',
  'token-file',
  'command',
  'certificate',
  'key',
  'certificate-authorities',
  'allow-http',
];
const secrets = ['token', 'token-file', 'command'];

/** The name of the one that is there without any configuration. */
const ownName = 'embedded';

/**
 * Reads the tables `[realizers.NAME]`; their messages never hold a secret. `authorities` are trusted whatever is connected to.
 */
export function readRemoteRealizers(
  configuration: ConfigurationFile,
  authorities: readonly string[],
): readonly RemoteConfiguration[] {
  const table = new Settings(configuration, configuration.table('realizers'));
  return [...table.entries('realizer', known)].map(([name, settings]) => {
    checkName(configuration, name);
    const address = addressIn(settings);
    const token = tokenIn(settings);
    if (token !== undefined && !settings.flag('allow-http', false) && !isPrivate(address)) {
      throw settings.refuse(
        'address',
        'leads over a connection on which others can read the token',
        'give it an https address, or allow-http = true where nobody else is on the way',
      );
    }
    return {
      name,
      address,
      token,
      identity: identityIn(settings, address),
      certificateAuthorities: [...authorities, ...settings.files('certificate-authorities')],
    };
  });
}

function checkName(configuration: ConfigurationFile, name: string): void {
  if (name === ownName) {
    const hint = 'that is the one inside of cab itself; choose another name';
    throw configuration.unusable(`a realizer cannot be called '${name}'`, hint);
  }
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name)) return;
  throw configuration.unusable(
    `a realizer cannot be called '${name}'`,
    'a name begins with a letter or a digit, and has these and -, _ or . behind it',
  );
}

function addressIn(settings: Settings): RealizerAddress {
  const text = settings.text('address');
  const address = text === undefined ? undefined : parseRealizerAddress(text);
  if (address !== undefined) return address;
  throw settings.refuse(
    'address',
    text === undefined ? 'is missing' : `cannot be '${text}'`,
    'such as "https://build.example.org:8980", "http://localhost:8980" or "unix:/run/cab/realizer.sock"',
  );
}

function tokenIn(settings: Settings): Secret | undefined {
  const [setting, second] = secrets.filter((name) => settings.has(name));
  if (setting === undefined) return undefined;
  if (second !== undefined)
    throw settings.refuse(second, `stands beside '${setting}'`, 'one of them is enough');
  if (setting === 'command') return { kind: 'command', words: wordsIn(settings) };
  const text = settings.text(setting);
  if (!text) throw settings.refuse(setting, 'is empty');
  return setting === 'token'
    ? { kind: 'text', text }
    : { kind: 'file', file: settings.file(setting) as string };
}

function wordsIn(settings: Settings): readonly string[] {
  const words = settings.strings('command');
  if (words[0]) return words;
  throw settings.refuse(
    'command',
    'names no program',
    'a list of strings: the program, and what it is called with',
  );
}

function identityIn(settings: Settings, address: RealizerAddress): RemoteConfiguration['identity'] {
  const [certificate, key] = [settings.file('certificate'), settings.file('key')];
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined || key === undefined) {
    const [given, missing] = key === undefined ? ['certificate', 'key'] : ['key', 'certificate'];
    throw settings.refuse(given, `stands there without a '${missing}'`, 'both are PEM files');
  }
  if (address.kind === 'tcp' && address.secure) return { certificate, key };
  throw settings.refuse('certificate', 'can only be shown over https', 'give the realizer an https address');
}

function isPrivate(address: RealizerAddress): boolean {
  return isOnThisMachine(address) || (address.kind === 'tcp' && address.secure);
}
