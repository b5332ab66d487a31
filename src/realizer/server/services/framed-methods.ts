import {
  type DescMessage,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  type MessageShape,
  fromBinary,
  toBinary,
} from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { frameHeadLength } from '../../protocol/index.ts';
import { ActionFault } from '../execution/action-fault.ts';
import type { RawCall, RawHandler } from '../transport/raw-call.ts';

/** What clients may send in one message by default is four mebibytes. */
const longestRequest = 4 << 20;

/** A method and what answers it, past what connect does for each call, which takes longer than to look up what is known. */
export type FramedMethod = readonly [path: string, handler: RawHandler];

export function unary<In extends DescMessage, Out extends DescMessage>(
  method: DescMethodUnary<In, Out>,
  answer: (request: MessageShape<In>, call: RawCall) => MessageShape<Out> | Promise<MessageShape<Out>>,
): FramedMethod {
  return framed(method, async (request, call) => {
    await call.send(frameOf(method.output, await answer(request, call)));
  });
}

export function streaming<In extends DescMessage, Out extends DescMessage>(
  method: DescMethodServerStreaming<In, Out>,
  answers: (request: MessageShape<In>, call: RawCall) => AsyncIterable<MessageShape<Out>>,
): FramedMethod {
  return framed(method, async (request, call) => {
    for await (const answer of answers(request, call)) await call.send(frameOf(method.output, answer));
  });
}

function framed<In extends DescMessage, Out extends DescMessage>(
  method: DescMethodUnary<In, Out> | DescMethodServerStreaming<In, Out>,
  serve: (request: MessageShape<In>, call: RawCall) => Promise<void>,
): FramedMethod {
  const handler: RawHandler = async (call) => {
    const request = await requestOf(method.input, call);
    try {
      await serve(request, call);
    } catch (error) {
      throw error instanceof ActionFault ? error.toConnectError() : error;
    }
  };
  return [`/${method.parent.typeName}/${method.name}`, handler];
}

async function requestOf<In extends DescMessage>(schema: In, call: RawCall): Promise<MessageShape<In>> {
  const messages = call.messages(longestRequest);
  const message = await messages.next();
  if (message === undefined) throw new ConnectError('the call ended without a message', Code.InvalidArgument);
  try {
    return fromBinary(schema, message);
  } catch {
    throw new ConnectError(`the message is none of ${schema.typeName}`, Code.InvalidArgument);
  } finally {
    messages.discard();
  }
}

/** A message that is not compressed, behind its length. */
function frameOf<Out extends DescMessage>(schema: Out, message: MessageShape<Out>): Uint8Array {
  const bytes = toBinary(schema, message);
  const frame = Buffer.allocUnsafe(frameHeadLength + bytes.length);
  frame[0] = 0;
  frame.writeUInt32BE(bytes.length, 1);
  frame.set(bytes, frameHeadLength);
  return frame;
}
