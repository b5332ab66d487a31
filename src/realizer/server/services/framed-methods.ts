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
import { type RawCall, type RawHandler, firstMessage } from '../transport/raw-call.ts';

/** What clients may send in one message by default is four mebibytes. */
const longestRequest = 4 << 20;

/** A method and what answers it, past what connect does for each call, which takes longer than to look up what is known. */
export type FramedMethod = readonly [path: string, handler: RawHandler];

export function unary<In extends DescMessage, Out extends DescMessage>(
  method: DescMethodUnary<In, Out>,
  answer: (request: MessageShape<In>, call: RawCall) => MessageShape<Out> | Promise<MessageShape<Out>>,
): FramedMethod {
  return unaryInBytes(method, async (message, call) =>
    frameOf(method.output, await answer(requestIn(method.input, message), call)),
  );
}

/** The same, for what knows some answers by the bytes of their requests. The answer is a frame. */
export function unaryInBytes(
  method: DescMethodUnary,
  answer: (message: Uint8Array, call: RawCall) => Promise<Uint8Array>,
): FramedMethod {
  return framed(method, async (message, call) => call.answer(await answer(message, call)));
}

export function streaming<In extends DescMessage, Out extends DescMessage>(
  method: DescMethodServerStreaming<In, Out>,
  answers: (request: MessageShape<In>, call: RawCall) => AsyncIterable<MessageShape<Out>>,
): FramedMethod {
  return framed(method, async (message, call) => {
    const request = requestIn(method.input, message);
    for await (const answer of answers(request, call)) await call.send(frameOf(method.output, answer));
  });
}

function framed(
  method: DescMethodUnary | DescMethodServerStreaming,
  serve: (message: Uint8Array, call: RawCall) => Promise<void>,
): FramedMethod {
  const handler: RawHandler = async (call) => {
    const message = call.wholeMessage() ?? (await messageOf(call));
    try {
      await serve(message, call);
    } catch (error) {
      throw error instanceof ActionFault ? error.toConnectError() : error;
    }
  };
  return [`/${method.parent.typeName}/${method.name}`, handler];
}

/** A copy: the bytes of a message are used for other calls once it is let go of. */
async function messageOf(call: RawCall): Promise<Uint8Array> {
  const messages = call.messages(longestRequest);
  const message = await firstMessage(messages);
  try {
    return Buffer.from(message);
  } finally {
    messages.discard();
  }
}

export function requestIn<In extends DescMessage>(schema: In, message: Uint8Array): MessageShape<In> {
  try {
    return fromBinary(schema, message);
  } catch {
    throw new ConnectError(`the message is none of ${schema.typeName}`, Code.InvalidArgument);
  }
}

/** A message that is not compressed, behind its length. */
export function frameOf<Out extends DescMessage>(schema: Out, message: MessageShape<Out>): Uint8Array {
  const bytes = toBinary(schema, message);
  const frame = Buffer.allocUnsafe(frameHeadLength + bytes.length);
  frame[0] = 0;
  frame.writeUInt32BE(bytes.length, 1);
  frame.set(bytes, frameHeadLength);
  return frame;
}
