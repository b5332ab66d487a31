import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** Serves answers at the address that is answered, one after the other; what is added to them later too. The last is given again and again. */
export async function serveAnswers(context: TestContext, answers: (Buffer | string)[]): Promise<string> {
  const server = createServer((request, response) => {
    request.on('end', () => response.end(answers.length > 1 ? answers.shift() : answers[0]));
    request.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/r`;
}
