import { create } from '@bufbuild/protobuf';
import { EmptySchema } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import type { Operations } from '../../protocol/index.ts';
import type { Executions } from '../execution/executions.ts';
import { type ClientNameOf, unknownOperation } from './execution.ts';

export function operationsService(
  executions: Executions,
  clientNameOf: ClientNameOf,
): ServiceImpl<typeof Operations> {
  return {
    getOperation({ name }) {
      const operation = executions.find(name);
      if (operation === undefined) throw unknownOperation(name).toConnectError();
      return operation.message();
    },
    cancelOperation({ name }, context) {
      const operation = executions.find(name);
      if (operation === undefined) throw unknownOperation(name).toConnectError();
      operation.cancelFor(clientNameOf(context));
      return create(EmptySchema);
    },
  };
}
