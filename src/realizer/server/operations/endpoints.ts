import type { Lifecycle } from './lifecycle.ts';
import type { Metrics } from './metrics.ts';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/**
 * What is answered to plain HTTP: `/healthz` whether the process works, `/readyz` whether it takes new work, `/metrics` for Prometheus.
 * Undefined where there is nothing of that name.
 */
export async function answerTo(
  path: string,
  lifecycle: Lifecycle,
  metrics: Metrics,
): Promise<Answer | undefined> {
  switch (path) {
    case '/healthz':
      return text(200, lifecycle.state);
    case '/readyz':
      return text(lifecycle.isServing ? 200 : 503, lifecycle.state);
    case '/metrics':
      return { status: 200, type: metrics.contentType, body: await metrics.text() };
    default:
      return undefined;
  }
}

function text(status: number, line: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${line}\n` };
}
