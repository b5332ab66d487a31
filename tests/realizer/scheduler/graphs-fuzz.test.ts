import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Derivation } from '../../../src/derivations/index.ts';
import type { StorePath } from '../../../src/foundation/index.ts';
import type { ScheduleResult } from '../../../src/realizer/index.ts';
import { chooseSeed, fuzzFactor, randomFrom } from '../../support/random.ts';
import { Neighbourhood, nameOf } from '../support/neighbourhood.ts';

const features = ['wasm', 'x86_64-linux', 'big-memory'] as const;
const rounds = 8 * fuzzFactor();

/** A graph, and what is wanted of it. */
interface Graph {
  readonly all: readonly Derivation[];
  readonly here: readonly Derivation[];
  readonly anywhere: readonly Derivation[];
  readonly failing: ReadonlySet<string>;
}

class Dice {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  happens(chance: number): boolean {
    return this.#random() < chance;
  }

  some<T>(items: readonly T[], chance: number): T[] {
    return items.filter(() => this.happens(chance));
  }
}

function makeGraph(dice: Dice, here: Neighbourhood): Graph {
  const all: Derivation[] = [];
  const failing = new Set<string>();
  const trees = ['a', 'b', 'c'].map((name) =>
    here.tree(`tree-${name}`, name.repeat(1 + dice.below(200_000))),
  );
  const count = 2 + dice.below(24);
  for (let index = 0; index < count; index++) {
    const inputs = dice.some(all, all.length === 0 ? 0 : Math.min(1, 2 / all.length));
    const fails = dice.happens(0.03);
    const name = `step${index}`;
    const derivation = here.derivation({
      name,
      words: [`fill:${dice.below(100_000)}`, ...(fails ? ['fail'] : [])],
      inputs,
      trees: dice.some(trees, 0.2),
      features: dice.some(features, 0.3).slice(0, 1),
      fix: { kind: dice.happens(0.3) ? 'self' : 'none' },
    });
    all.push(derivation);
    if (fails || inputs.some((input) => failing.has(input.name))) failing.add(name);
  }
  const wanted = [...dice.some(all, 0.3), ...all.slice(-1)];
  const isHere = new Map(wanted.map((derivation) => [derivation.id, dice.happens(0.5)]));
  const those = [...new Set(wanted)];
  return {
    all,
    here: those.filter(({ id }) => isHere.get(id)),
    anywhere: those.filter(({ id }) => !isHere.get(id)),
    failing,
  };
}

/** Each feature is offered by somebody who stays up. */
async function makeNeighbourhood(dice: Dice, lasting: ReadonlySet<string>): Promise<Neighbourhood> {
  const here = await Neighbourhood.create(dice.some(features, 0.5), { cores: 1 + dice.below(3) });
  for (const name of ['one', 'two', 'three'].slice(0, 1 + dice.below(3))) {
    const offered = lasting.has(name) ? features : dice.some(features, 0.6);
    const neighbour = here.add(name, offered, { cores: 1 + dice.below(3) });
    neighbour.refusesPulls = dice.happens(0.3);
    neighbour.busy = { running: dice.below(4), queued: dice.below(3) };
  }
  return here;
}

async function realizeBoth(here: Neighbourhood, graph: Graph): Promise<ReadonlyMap<string, ScheduleResult>> {
  const scheduler = here.scheduler();
  const [anywhere, there] = await Promise.all([
    scheduler.realize(graph.anywhere, 'anywhere'),
    scheduler.realize(graph.here, 'here'),
  ]);
  const named = [
    ...graph.anywhere.map(({ name }, index) => [name, anywhere[index]] as const),
    ...graph.here.map(({ name }, index) => [name, there[index]] as const),
  ];
  return new Map(named.flatMap(([name, result]) => (result === undefined ? [] : [[name, result] as const])));
}

/** Where everything would lie, by name, if one realizer did it all. */
async function reference(
  graph: Graph,
  here: Neighbourhood,
): Promise<(names: Iterable<string>) => Set<string>> {
  const [paths, closures] = [new Map<string, StorePath>(), new Map<string, readonly string[]>()];
  await using alone = await Neighbourhood.create(features);
  await alone.store.importArchive(
    here.store.exportArchive([...here.store.use(graph.all.flatMap(({ inputs }) => inputs.trees))]),
  );
  const good = graph.all.filter(({ name }) => !graph.failing.has(name));
  for (const [index, result] of (await alone.realize(good)).entries()) {
    const { name } = good[index] as Derivation;
    assert.ok(result.ok, `${name} was made by the one`);
    const path = result.outputs['out'] as StorePath;
    paths.set(name, path);
    closures.set(name, alone.store.closure([path]).map(nameOf));
  }
  return (names) => new Set([...names].flatMap((name) => closures.get(name) ?? []));
}

function inputsOf(graph: Graph, names: readonly string[]): readonly string[] {
  return graph.all
    .filter(({ name }) => names.includes(name))
    .flatMap(({ inputs }) => inputs.derivations.map(({ derivation }) => derivation.name));
}

const seed = chooseSeed();

for (let round = 0; round < rounds; round++) {
  test(`a random graph on random realizers comes to what one makes of it alone, each step once (${seed} + ${round})`, async () => {
    const dice = new Dice(seed + round);
    await using here = await makeNeighbourhood(dice, new Set(['one']));
    const graph = makeGraph(dice, here);
    const results = await realizeBoth(here, graph);
    const closureOf = await reference(graph, here);

    for (const [name, result] of results) assert.equal(result.ok, !graph.failing.has(name), name);
    const runs = Object.values(here.runs).flat();
    assert.equal(new Set(runs).size, runs.length, 'nothing is run twice');
    for (const { name } of graph.here) {
      const result = results.get(name);
      if (result?.ok !== true) continue;
      const names = here.store.closure(Object.values(result.outputs)).map(nameOf);
      assert.deepEqual(new Set(names), closureOf([name]), `${name} is here with all that it refers to`);
    }

    if ([...here.neighbours.values()].every(({ refusesPulls }) => !refusesPulls)) {
      const ownInputs = inputsOf(graph, here.runs['embedded'] ?? []);
      const allowed = closureOf([...graph.here.map(({ name }) => name), ...ownInputs]);
      assert.deepEqual(
        here.fetched.filter((name) => !allowed.has(name)),
        [],
        'what nobody wanted here',
      );
    }
    const arrived = [...here.neighbours].flatMap(([to, { arrivals }]) =>
      arrivals
        .filter(({ by }) => by !== 'fetch')
        .flatMap(({ paths }) => paths.map((path) => `${to} ${path}`)),
    );
    assert.equal(new Set(arrived).size, arrived.length, 'nothing is sent to one place twice');

    const before = here.runs;
    await realizeBoth(here, graph);
    const again = Object.values(here.runs).flat().length - Object.values(before).flat().length;
    const failed = graph.all.filter(({ name }) => graph.failing.has(name)).length;
    assert.ok(again <= failed, `${again} were run again, of which ${failed} had failed`);
  });

  test(
    `a random graph ends, whatever goes down meanwhile (${seed} + ${round})`,
    { timeout: 60_000 },
    async () => {
      const dice = new Dice(seed + round);
      await using here = await makeNeighbourhood(dice, new Set(['one']));
      const graph = makeGraph(dice, here);
      let left = 1 + dice.below(10);
      for (const neighbour of here.neighbours.values()) {
        const [falls, reason] = [dice.happens(0.5), dice.happens(0.2) ? 'draining' : 'lost'] as const;
        neighbour.onRealize = () => {
          if (--left < 0 && falls) neighbour.goDown(reason);
        };
      }
      const results = await realizeBoth(here, graph);
      const isWhole = [...here.neighbours.values()].every((neighbour) => neighbour.isUp);
      for (const [name, result] of results) {
        if (result.ok) assert.ok(!graph.failing.has(name), name);
        else assert.ok(!isWhole || graph.failing.has(name), JSON.stringify(result.diagnostics));
        for (const diagnostic of result.ok ? [] : result.diagnostics) {
          assert.match(diagnostic.code, /^CAB(4002|405[01])$/);
        }
      }
    },
  );
}
