import { DatabaseSync, StatementSync } from 'node:sqlite';
import { databaseError } from './errors.ts';
import { type Striker, die } from './strike.ts';

type AnyFunction = (this: object, ...values: unknown[]) => unknown;
type Methods = Record<string, AnyFunction>;

/** The files of the databases, by the statements that were prepared in them. */
const files = new WeakMap<object, string>();

/** Each way to run a statement, and whether it may write. */
const ways = { run: true, get: false, all: false, iterate: false };

/**
 * Puts a look at the striker before whatever `node:sqlite` does with a file. Opening one is not seen: a database is opened in
 * earnest by the first thing that is done with it.
 */
export function wrapDatabases(striker: Striker): void {
  const strike = (name: string, writes: boolean, file: string, detail = ''): void => {
    const verdict = striker.judge({ name, writes, paths: [file], detail });
    if (verdict === 'goes on') return;
    if (typeof verdict === 'object') throw databaseError(verdict.failsWith);
    die();
  };
  wrap(DatabaseSync.prototype, 'exec', (database, [sql]) => {
    const [word] = String(sql).trim().split(/\s/);
    strike('exec', true, (database as DatabaseSync).location() ?? '', word);
  });
  const databases = DatabaseSync.prototype as unknown as Methods;
  const prepare = databases['prepare'] as AnyFunction;
  databases['prepare'] = function (...values) {
    const statement = prepare.apply(this, values);
    files.set(statement as object, (this as DatabaseSync).location() ?? '');
    return statement;
  };
  for (const [name, writes] of Object.entries(ways)) {
    wrap(StatementSync.prototype, name, (statement) => strike(name, writes, files.get(statement) ?? ''));
  }
}

function wrap(
  prototype: object,
  name: string,
  before: (self: object, values: readonly unknown[]) => void,
): void {
  const methods = prototype as Methods;
  const original = methods[name] as AnyFunction;
  methods[name] = function (...values) {
    before(this, values);
    return original.apply(this, values);
  };
}
