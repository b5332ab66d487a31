import { type DescMessage, type MessageInitShape, create } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import {
  type ContentDigest,
  PreconditionFailureSchema,
  RetryInfoSchema,
  type Status,
  StatusSchema,
  resourceNameOf,
} from '../../protocol/index.ts';

/** A message that goes with a status, by its type. */
interface Detail<Schema extends DescMessage = DescMessage> {
  readonly desc: Schema;
  readonly value: MessageInitShape<Schema>;
}

/** Why an action comes to nothing, as the API has words for it. A program that failed is none: its exit code is a result. */
export class ActionFault extends Error {
  readonly code: Code;
  readonly details: readonly Detail[];

  constructor(code: Code, message: string, details: readonly Detail[] = []) {
    super(message);
    this.name = 'ActionFault';
    this.code = code;
    this.details = details;
  }

  get status(): Status {
    return create(StatusSchema, {
      code: this.code,
      message: this.message,
      details: this.details.map(({ desc, value }) => anyPack(desc, create(desc, value))),
    });
  }

  toConnectError(): ConnectError {
    return new ConnectError(this.message, this.code, undefined, [...this.details]);
  }
}

/** Content that has to be there, with a word on what it is of, where a digest does not tell. */
export interface Missing {
  readonly subject: string;
  readonly description?: string;
}

/** How many things one status names: a client asks for all that it needs to know after it has read the first of them. */
const namedLimit = 1000;

export function missingContent(digests: readonly ContentDigest[]): ActionFault {
  return missing(digests.map((digest) => ({ subject: resourceNameOf(digest) })));
}

export function missing(things: readonly Missing[]): ActionFault {
  const violations = things
    .slice(0, namedLimit)
    .map(({ subject, description = '' }) => ({ type: 'MISSING', subject, description }));
  const count = things.length === 1 ? 'content' : `${things.length} pieces of content`;
  return new ActionFault(
    Code.FailedPrecondition,
    `${count} that the action needs ${things.length === 1 ? 'is' : 'are'} not there: upload and ask again`,
    [{ desc: PreconditionFailureSchema, value: { violations } }],
  );
}

/** Each feature with a word on how it could be had, or an empty text. */
export function lackingFeatures(message: string, lacking: ReadonlyMap<string, string>): ActionFault {
  const violations = [...lacking].map(([subject, description]) => ({
    type: 'FEATURE',
    subject,
    description,
  }));
  return new ActionFault(Code.FailedPrecondition, message, [
    { desc: PreconditionFailureSchema, value: { violations } },
  ]);
}

export function invalid(message: string): ActionFault {
  return new ActionFault(Code.InvalidArgument, message);
}

/** Something that another try may find otherwise. */
export function tryLater(
  code: Code.Unavailable | Code.ResourceExhausted,
  message: string,
  delaySeconds: number,
): ActionFault {
  const value = { retryDelay: { seconds: BigInt(delaySeconds), nanos: 0 } };
  return new ActionFault(code, message, [{ desc: RetryInfoSchema, value }]);
}
