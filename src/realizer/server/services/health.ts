import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import { type Health, HealthCheckResponse_ServingStatus } from '../../protocol/index.ts';
import type { Lifecycle, ServingState } from '../operations/lifecycle.ts';

/**
 * gRPC's own way to ask whether a server works. `services` are the full names of what is served; the empty name is the whole. Anybody
 * may ask, as it tells no more than that.
 */
export function healthService(
  lifecycle: Lifecycle,
  services: () => ReadonlySet<string>,
): ServiceImpl<typeof Health> {
  const isKnown = (service: string): boolean => service === '' || services().has(service);
  return {
    check({ service }) {
      if (!isKnown(service))
        throw new ConnectError(`the service '${service}' is not served here`, Code.NotFound);
      return { status: statusOf(lifecycle.state) };
    },
    async *watch({ service }, { signal }) {
      if (!isKnown(service)) {
        // So it is prescribed: it might be served later, and the stream stays open.
        yield { status: HealthCheckResponse_ServingStatus.SERVICE_UNKNOWN };
        for await (const _state of lifecycle.states(signal));
        return;
      }
      let told: HealthCheckResponse_ServingStatus | undefined;
      for await (const state of lifecycle.states(signal)) {
        const status = statusOf(state);
        if (status !== told) yield { status };
        told = status;
      }
    },
  };
}

function statusOf(state: ServingState): HealthCheckResponse_ServingStatus {
  return state === 'serving'
    ? HealthCheckResponse_ServingStatus.SERVING
    : HealthCheckResponse_ServingStatus.NOT_SERVING;
}
