import path from 'node:path';
import { DiagnosticError } from '../../../src/diagnostics/index.ts';
import { type StorePath, digestOf } from '../../../src/foundation/index.ts';
import { Store } from '../../../src/store/index.ts';
import type { Place } from '../place.ts';
import { derivationId, putText } from '../scenarios/content.ts';
import { type Sample, contentId, gitId, later } from './sample.ts';

/** What a store says to a question: a value, that it does not know, or why it cannot say. */
export type Answer =
  | { readonly kind: 'says'; readonly value: string }
  | { readonly kind: 'does not know' }
  | { readonly kind: 'diagnostic'; readonly code: string };

/**
 * What nothing proves when it is looked up: to what an output refers, and what part of it has an id. That is what verify is for, which
 * compares tables and indexes.
 */
export function isProvedByVerifyOnly(question: string): boolean {
  return question === 'closure' || question.startsWith('content ');
}

type Question = readonly [name: string, ask: () => unknown];

/**
 * Asks a store all that one can be asked, and writes to it as well. An error that is no diagnostic comes out of it.
 */
export async function askAll(place: Place, sample: Sample): Promise<ReadonlyMap<string, Answer>> {
  const answers = new Map<string, Answer>();
  let store: Store;
  try {
    store = Store.open(place.store);
  } catch (error) {
    return answers.set('open', diagnosticOf(error));
  }
  try {
    for (const [name, ask] of questionsTo(store, place, sample)) {
      try {
        answers.set(name, answerOf(await ask()));
      } catch (error) {
        answers.set(name, diagnosticOf(error, name));
      }
    }
    return answers;
  } finally {
    store.close();
  }
}

function* questionsTo(store: Store, { work }: Place, sample: Sample): Generator<Question> {
  for (const output of sample.outputs) {
    yield [`lookup ${output}`, () => store.lookup(output, '/')];
  }
  yield ['closure', () => store.closure(sample.outputs.slice(-1))];
  for (let index = 0; index < sample.derivations; index++) {
    const derivation = derivationId(`${index}`);
    yield [`realisation ${index}`, () => thereOnly(store, store.findRealisation(derivation, 'out'))];
    const claim = { format: 'git', value: gitId(index) };
    yield [`claim ${index}`, () => thereOnly(store, store.findClaim(derivation, claim))];
    yield [`content ${index}`, () => store.findContent(digestOf('program'), contentId(index))];
  }
  yield ['log', () => store.logs.read('log')];
  yield ['local', () => store.addLocal(path.join(work, 'tree'), 'tree', { now: later })];
  yield ['materialise', () => path.basename(store.materialise(sample.outputs[0] as StorePath))];
  yield ['write', () => write(store)];
  yield ['lock', async () => await takesLock(store)];
}

/** What is not there is built again, whatever it is called. */
function thereOnly(store: Store, output: StorePath | undefined): StorePath | undefined {
  return output !== undefined && store.has(output) ? output : undefined;
}

async function takesLock(store: Store): Promise<boolean> {
  using _lock = await store.lock('anything');
  return true;
}

/** What is written to a damaged store is there, or is told not to be. */
function write(store: Store): unknown {
  const record = putText(store, 'something new');
  store.commit({
    outputs: [record],
    realisations: [{ derivation: derivationId('new'), output: 'out', path: record.path }],
  });
  return [store.get(record.path), store.findRealisation(derivationId('new'), 'out')];
}

function answerOf(value: unknown): Answer {
  if (value === undefined) return { kind: 'does not know' };
  return { kind: 'says', value: JSON.stringify(value) };
}

function diagnosticOf(error: unknown, question = 'open'): Answer {
  if (error instanceof DiagnosticError) {
    return { kind: 'diagnostic', code: error.diagnostics[0]?.code ?? '' };
  }
  throw new Error(`the question '${question}' ended in an error that is no diagnostic`, { cause: error });
}
