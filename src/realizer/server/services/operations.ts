import { create } from '@bufbuild/protobuf';
import { EmptySchema } from '@bufbuild/protobuf/wkt';
import { Operations } from '../../protocol/index.ts';
import type { Executions } from '../execution/executions.ts';
import { unknownOperation } from './execution.ts';
import { type FramedMethod, unary } from './framed-methods.ts';

export function operationMethods(executions: Executions): readonly FramedMethod[] {
  return [
    unary(Operations.method.getOperation, ({ name }) => {
      const operation = executions.find(name);
      if (operation === undefined) throw unknownOperation(name);
      return operation.message();
    }),
    unary(Operations.method.cancelOperation, ({ name }, { client }) => {
      const operation = executions.find(name);
      if (operation === undefined) throw unknownOperation(name);
      operation.cancelFor(client.name);
      return create(EmptySchema);
    }),
  ];
}
