import type { StorePath } from '../../foundation/index.ts';
import type { OutputRecord, Store } from '../../store/index.ts';
import type { Fleet } from './fleet.ts';
import type { Member } from './member.ts';
import type { Place } from './place.ts';

/** What an output counts for whose size is not known, in bytes. */
const unknownSize = 1;

/** Which outputs lie where, and how large they are, as far as anybody had to know. */
export class Whereabouts {
  readonly #fleet: Fleet;
  readonly #store: () => Store;
  readonly #there = new Map<Place, Map<StorePath, Promise<boolean>>>();
  readonly #records = new Map<StorePath, OutputRecord>();

  constructor(fleet: Fleet, store: () => Store) {
    this.#fleet = fleet;
    this.#store = store;
  }

  /** Says that outputs are there now. */
  add(place: Place, paths: Iterable<StorePath>): void {
    const known = this.#at(place);
    for (const path of paths) known.set(path, Promise.resolve(true));
  }

  /** Says that outputs may not be there any more. */
  forget(place: Place, paths: Iterable<StorePath>): void {
    const known = this.#at(place);
    for (const path of paths) known.delete(path);
  }

  /** Says what outputs are that another store has. */
  learn(records: readonly OutputRecord[]): void {
    for (const record of records) this.#records.set(record.path, record);
  }

  /** Whether an output is there, with all that it refers to. One that is down has nothing, for now. */
  has(place: Place, path: StorePath): Promise<boolean> {
    // Evaluation puts things into this process's store meanwhile, and asking it costs little.
    if (place === this.#fleet.here) return place.has(path);
    const member = this.#memberOf(place);
    if (!member.isReachable) return Promise.resolve(false);
    const known = this.#at(place);
    const before = known.get(path);
    if (before !== undefined) return before;
    const answer = this.#ask(member, path);
    known.set(path, answer);
    return answer;
  }

  /** Which of the places has an output: this process's store alone where it has, else all that have it. */
  async placesOf(path: StorePath): Promise<readonly Place[]> {
    const { here } = this.#fleet;
    if (await this.has(here, path)) return [here];
    return await this.remotesWith(path);
  }

  /** Which realizers with a store of their own have an output. */
  async remotesWith(path: StorePath): Promise<readonly Place[]> {
    const places = this.#fleet.remotes.map(({ place }) => place);
    const answers = await Promise.all(places.map((place) => this.has(place, path)));
    return places.filter((_, index) => answers[index]);
  }

  /** Whether each of the outputs can be had from somewhere. */
  async areAnywhere(paths: readonly StorePath[]): Promise<boolean> {
    const found = await Promise.all(paths.map((path) => this.placesOf(path)));
    return found.every(({ length }) => length > 0);
  }

  /** Those of the outputs that are not there. */
  async missing(place: Place, paths: readonly StorePath[]): Promise<readonly StorePath[]> {
    const answers = await Promise.all(paths.map((path) => this.has(place, path)));
    return paths.filter((_, index) => answers[index] !== true);
  }

  /** Outputs with all that they refer to, as far as that is known. */
  closure(paths: readonly StorePath[]): ReadonlySet<StorePath> {
    const found = new Set<StorePath>();
    const waiting = [...paths];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (found.has(path)) continue;
      found.add(path);
      waiting.push(...(this.#recordOf(path)?.references ?? []));
    }
    return found;
  }

  sizeOf(paths: Iterable<StorePath>): number {
    let bytes = 0;
    for (const path of paths) bytes += Math.max(unknownSize, this.#recordOf(path)?.size ?? unknownSize);
    return bytes;
  }

  async #ask(member: Member, path: StorePath): Promise<boolean> {
    const answer = await this.#fleet.ask(member, () => member.realizer.has(path));
    // Of one that could not be asked nothing is known.
    if (answer === undefined) this.#at(member.place).delete(path);
    return answer ?? false;
  }

  #recordOf(path: StorePath): OutputRecord | undefined {
    const known = this.#records.get(path) ?? this.#store().get(path);
    if (known !== undefined) this.#records.set(path, known);
    return known;
  }

  #memberOf(place: Place): Member {
    const member = this.#fleet.members.find((each) => each.place === place);
    if (member === undefined) throw new Error(`${place.name} is none of the realizers`);
    return member;
  }

  #at(place: Place): Map<StorePath, Promise<boolean>> {
    const known = this.#there.get(place) ?? new Map<StorePath, Promise<boolean>>();
    this.#there.set(place, known);
    return known;
  }
}
