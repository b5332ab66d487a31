import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import test from 'node:test';
import { withCab } from '../support/index.ts';
import { assertDiagnostic } from './diagnostics.ts';

const unusable: Readonly<Record<string, string>> = {
  'a realizer without an address': '[realizers.build]\ntoken = "t"',
  'a realizer with an address of another kind': '[realizers.build]\naddress = "ssh://build"',
  'a realizer with a misspelt setting': '[realizers.build]\naddres = "https://build"',
  'a realizer that is no table': '[realizers]\nbuild = "https://build"',
  'a realizer in the table of this machine’s own': '[realizer.build]\naddress = "https://build"',
  'a realizer with the name of the embedded one': '[realizers.embedded]\naddress = "https://build"',
  'a realizer with a name that cannot be': '[realizers."a b"]\naddress = "https://build"',
  'a realizer with two tokens':
    '[realizers.build]\naddress = "https://build"\ntoken = "t"\ntoken-file = "token"',
  'a realizer with a command that is none': '[realizers.build]\naddress = "https://build"\ncommand = []',
  'a realizer whose token others could read': '[realizers.build]\naddress = "http://build"\ntoken = "t"',
  'a realizer with a certificate and no key':
    '[realizers.build]\naddress = "https://build"\ncertificate = "own.pem"',
  'a realizer with a certificate over http':
    '[realizers.build]\naddress = "unix:/run/cab.sock"\ncertificate = "own.pem"\nkey = "own.key"',
};

test('a realizer that cannot be used is told before there is any work', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'default.cab': '1' });
  for (const [title, toml] of Object.entries(unusable)) {
    await context.test(title, async () => {
      await rig.configure(toml);
      await assertDiagnostic(rig, await rig.cab('build', '--offline'), { title, code: 'CAB6002' });
    });
  }
});

test('a token in the configuration is warned of where others may read it', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'default.cab': '1' });
  await rig.configure('[realizers.build]\naddress = "https://build"\ntoken = "secret-token"');
  await chmod(rig.configurationFile, 0o644);
  const { stderr } = await rig.cab('build');
  assert.match(stderr, /CAB6009/);
  assert.doesNotMatch(stderr, /secret-token/);
  await chmod(rig.configurationFile, 0o600);
  assert.doesNotMatch((await rig.cab('build')).stderr, /CAB6009/);
});

test('a name that no realizer has is told with the nearest that there is', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'default.cab': 'derivation { name = "a", builder = "b", outputs = ["out"] }' });
  await rig.configure('[realizers.workshop]\naddress = "https://build"');
  const result = await rig.cab('build', '--realizer', 'workshp');
  await assertDiagnostic(rig, result, { title: 'a realizer with a misspelt name', code: 'CAB4008' });
});
