import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import test, { type TestContext } from 'node:test';
import { Store } from '../../src/store/index.ts';
import type { CabRig } from '../support/index.ts';
import { type TestRealizer, withRealizer } from '../support/realizer.ts';
import { isPackRequest, resultTree, storyOf, withScenario, type Scenario } from './scenario.ts';

/** The island of the scenario, from which two steps lead to the result; the last one takes a machine of its own. */
const projectText = `let
  source = <github:o/r>,
  step = { name, from, features = [], } => derivation {
    name,
    builder = <cab:programs>/text.wasm,
    arguments = [ "substitute", from, ],
    environment = { WHO = name, },
    requiredRealizerFeatures = [ "wasm", ] ++ features,
  },
in {
  default = step {
    name = "whole",
    from = step { name = "part", from = source, },
    features = [ "big-memory", ],
  },
  small = step { name = "small", from = source, },
}
`;

interface Several extends Scenario {
  readonly big: TestRealizer;
}

async function withBig(context: TestContext): Promise<Several> {
  const scenario = await withScenario(context);
  const { rig } = scenario;
  await rig.write({ 'default.cab': projectText });
  const big = await withRealizer(context, { toml: tomlFor(rig, 'big-memory') });
  await rig.configure(`[realizers.big]\naddress = "${big.address}"\n`);
  return { ...scenario, big };
}

test('a source is fetched by the realizer that needs it, and only what was asked for comes here', async (context) => {
  const { rig } = await withBig(context);
  const { stderr } = await rig.succeed('build', '--log-format=plain');
  assert.match(stderr, /realize {2}part on big\n/);
  assert.match(stderr, /realize {2}whole on big\n/);
  assert.doesNotMatch(stderr, /realize {2}\S+\n/);
  assert.match(stderr, /sent {5}big → embedded: 1 output, /);
  assert.ok((await resultTree(rig)).has('greeting.txt'));
  assert.equal(rig.server.requests.filter(isPackRequest).length, 1);
  assert.deepEqual(namesHere(rig), ['fetch.wasm', 'text.wasm', 'whole']);
});

test('without a link nothing comes here, and a second run asks no origin and sends nothing', async (context) => {
  const { rig, big } = await withBig(context);
  await rig.succeed('build', '--no-link');
  assert.deepEqual(namesHere(rig), ['fetch.wasm', 'text.wasm']);
  const before = rig.server.requests.length;
  const { stderr } = await rig.succeed('build', '--no-link', '--log-format=plain');
  assert.equal(stderr, '');
  assert.equal(rig.server.requests.length, before);
  // What is asked for comes without being made again, and from then on the realizer is not needed.
  const { stderr: told } = await rig.succeed('build', '--log-format=plain');
  assert.match(told, /^sent {5}big → embedded: 1 output, \S+ \S+\n$/);
  await big.stop();
  assert.equal((await rig.succeed('build', '--log-format=plain')).stderr, '');
});

test('an update is asked for where the source lies, and moves nothing here', async (context) => {
  const { rig, repository } = await withBig(context);
  await rig.succeed('build', '--no-link');
  const asked = rig.server.requests.length;
  const same = await rig.succeed('build', '--no-link', '--update', '--log-format=plain');
  assert.match(same.stderr, /same {5}github:o\/r\n/);
  assert.deepEqual(storyOf(rig).slice(asked), ['refs']);
  await repository.write({ 'greeting.txt': 'another @WHO@\n' }).commit('Second');
  const moved = await rig.succeed('update', '--log-format=plain');
  assert.match(moved.stderr, /moved {4}github:o\/r /);
  assert.match(moved.stderr, /realize {2}r on big\n/);
  assert.deepEqual(namesHere(rig), ['fetch.wasm', 'text.wasm']);
  await rig.succeed('build');
  const result = await resultTree(rig);
  assert.ok(result.has('greeting.txt'));
  assert.deepEqual(namesHere(rig), ['fetch.wasm', 'text.wasm', 'whole']);
});

test('where it is down, others do what they can, and the rest says why not', async (context) => {
  const { rig, big } = await withBig(context);
  await rig.succeed('build', '--no-link');
  await big.stop();
  const small = await rig.succeed('build', '.#small', '--log-format=plain');
  assert.match(small.stderr, /realize {2}small\n/);
  const { stderr, code } = await rig.cab('build', '--log-format=plain');
  assert.equal(code, 1);
  assert.match(stderr, /CAB4050/);
  assert.match(stderr, /the realizer 'embedded' offers .*, and lacks 'big-memory'/);
  assert.match(stderr, /the realizer 'big' is down: /);
  await big.startAgain();
  await rig.succeed('build');
});

test('what evaluation reads of a derivation that was built there comes here', async (context) => {
  const { rig } = await withBig(context);
  const whole = 'step { name = "whole", from = source, features = [ "big-memory", ], }';
  const text = `text = readFile (toPath "\\(${whole})/greeting.txt")`;
  await rig.write({ 'default.cab': projectText.replace('in {', `in { ${text},`) });
  const { stdout } = await rig.succeed('eval', '.#text');
  assert.match(stdout, /hello whole/);
});

test('a build there is checked, and what is damaged here comes from there', async (context) => {
  const { rig, big } = await withBig(context);
  await rig.succeed('build');
  assert.equal((await rig.succeed('build', '--check', '--no-link')).stdout, 'same     whole\n');
  await damage(rig, 'whole');
  const repaired = await rig.succeed('store', 'verify', '--repair');
  assert.match(repaired.stdout, /fetched.*-whole.*from the realizer 'big'/);
  assert.match(repaired.stdout, /1 fetched/);
  assert.equal(rig.server.requests.filter(isPackRequest).length, 1);
  assert.ok(big.store.named.names().includes('part'));
});

/** What this machine's store has, by name. */
function namesHere({ store: folder }: CabRig): readonly string[] {
  const store = Store.open(folder);
  const names = store.named.names().toSorted();
  store.close();
  return names;
}

/** Writes something else into a file of an output. */
async function damage({ store: folder }: CabRig, name: string): Promise<void> {
  const store = Store.open(folder);
  const [output] = store.named.withName(name, 1);
  assert.ok(output !== undefined);
  const entry = store.lookup(output, '/greeting.txt');
  assert.ok(entry?.kind === 'file');
  const file = store.blobs.pathOf(entry.digest, false);
  store.close();
  await chmod(file, 0o644);
  await writeFile(file, 'something else\n');
}

test('what one made goes to the other past this machine, or through it where they may not reach each other', async (context) => {
  for (const way of ['directly', 'through'] as const) {
    await context.test(way, async (inner) => {
      const { rig } = await withScenario(inner);
      await rig.write({ 'default.cab': partedText });
      const one = await withRealizer(inner, { toml: tomlFor(rig, 'one') });
      const peers = way === 'directly' ? `[peers]\nallow = ["${one.address}"]\n` : '';
      const two = await withRealizer(inner, { toml: tomlFor(rig, 'two') + peers });
      await rig.configure(
        `[realizers.one]\naddress = "${one.address}"\n[realizers.two]\naddress = "${two.address}"\n`,
      );
      const { stderr } = await rig.succeed('build', '--no-link', '--log-format=plain');
      assert.match(stderr, /realize {2}large on one\n/);
      assert.match(stderr, /realize {2}end on two\n/);
      assert.ok(two.store.named.names().includes('large'));
      const moves = stderr
        .split('\n')
        .filter((line) => /^sent .*(one|two) → .*(one|two|embedded)/.test(line));
      if (way === 'directly')
        assert.match(moves.join('\n'), /^sent {5}one → two: 1 output, \S+ \S+, directly$/);
      else assert.match(moves.join('\n'), /^sent {5}one → embedded: 1 output, .*$/);
      assert.equal(namesHere(rig).includes('large'), way === 'through');
    });
  }
});

/** Two steps for two machines. */
const partedText = `let
  step = { name, from, feature, } => derivation {
    name,
    builder = <cab:programs>/text.wasm,
    arguments = [ "substitute", from, ],
    environment = { WHO = name, },
    requiredRealizerFeatures = [ "wasm", feature, ],
  },
in step {
  name = "end",
  from = step { name = "large", from = <github:o/r>, feature = "one", },
  feature = "two",
}
`;

function tomlFor({ server }: CabRig, feature: string): string {
  return `
[anonymous]
may = ["read", "write", "execute"]
[realizer]
features = ["${feature}"]
[network]
allow = ["127.0.0.1"]
[mirrors]
"https://github.com/" = "${server.url}/"
`;
}
