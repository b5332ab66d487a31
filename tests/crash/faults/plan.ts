/** What goes wrong in a process, and when. Operations are counted from 1, over all threads. */
export type Fault =
  | { readonly kind: 'none' }
  /** The process dies before the operation; `halfway`, in the middle of it where it writes. */
  | { readonly kind: 'kill'; readonly at: number; readonly halfway: boolean }
  /** The operation fails with this code, and all that write after it where it is `lasting`, as on a disk that is full. */
  | { readonly kind: 'error'; readonly at: number; readonly code: FaultCode; readonly lasting: boolean };

export type FaultCode = 'ENOSPC' | 'EDQUOT' | 'EIO' | 'EMFILE';

export interface FaultPlan {
  readonly fault: Fault;
  /** Only what touches these folders counts. */
  readonly folders: readonly string[];
  /** Whether reading counts. For whom dies there it makes no difference: what matters then is what was written before. */
  readonly among: 'writes' | 'all';
  /** The file in which each operation is noted before it happens, a line each. */
  readonly notes: string;
}

const variable = 'CAB_TEST_FAULTS';

const preload = new URL('preload.ts', import.meta.url).href;

/** The environment that makes a process of Node follow the plan. */
export function environmentOf(plan: FaultPlan): Readonly<Record<string, string>> {
  return { [variable]: JSON.stringify(plan), NODE_OPTIONS: `--import=${preload}` };
}

/** The plan that this process is to follow. */
export function planOf(environment: NodeJS.ProcessEnv): FaultPlan {
  const text = environment[variable];
  if (text === undefined)
    throw new Error(`${variable} is not set: this is loaded by the tests of crashes only`);
  return JSON.parse(text) as FaultPlan;
}
