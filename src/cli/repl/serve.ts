import type { CommandContext } from '../command.ts';
import { complete } from './completion.ts';
import { endWithParent } from './guard.ts';
import type { Answer, Request } from './messages.ts';
import type { Session } from './session.ts';
import { unreachable } from '../../foundation/index.ts';

/** Loads what the command line names; false where that fails, and is told. */
export type Open = () => Promise<boolean>;

/** Evaluates for the process at the terminal until that goes away, or interrupts something asynchronous. */
export async function serve(session: Session, context: CommandContext, open: Open): Promise<void> {
  endWithParent();
  const { promise, resolve } = Promise.withResolvers<void>();
  process.on('disconnect', resolve);
  process.on('message', (request: Request) => {
    void answerTo(session, context, open, request).then((answer) => {
      process.send?.(answer);
      if (answer.interrupted) resolve();
    });
  });
  await promise;
  if (process.connected) process.disconnect?.();
}

async function answerTo(
  session: Session,
  { signal }: CommandContext,
  open: Open,
  request: Request,
): Promise<Answer> {
  try {
    const completions = await perform(session, open, request);
    return {
      memory: session.memory,
      isOver: session.isOver,
      ...(completions !== undefined && { completions }),
    };
  } catch (error) {
    if (signal.aborted) return { interrupted: true };
    throw error;
  }
}

async function perform(session: Session, open: Open, request: Request) {
  switch (request.type) {
    case 'open':
      return void (await open());
    case 'run':
      return void (await session.run(request.text, request.number));
    case 'recall':
      return await session.recall(request.memory);
    case 'complete':
      return complete(session, request.text);
    default:
      return unreachable(request);
  }
}
