import type { DescMethod, DescService } from '@bufbuild/protobuf';
import * as protocol from '../../../../src/realizer/protocol/index.ts';

const services = (Object.values(protocol) as readonly unknown[]).filter(
  (value): value is DescService =>
    typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'service',
);

/** Every method that the protocol has, whether or not it is served: from the descriptors, so that none can be forgotten. */
export const methods: readonly DescMethod[] = services.flatMap((service) => service.methods);

export function pathOf({ parent, name }: DescMethod): string {
  return `/${parent.typeName}/${name}`;
}
