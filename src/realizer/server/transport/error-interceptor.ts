import type { ConnectError, Interceptor, StreamResponse, UnaryResponse } from '@connectrpc/connect';

/** Has every error of a handler pass a translation, also one that comes between the messages of a stream. */
export function errorInterceptor(translate: (error: unknown, place: string) => ConnectError): Interceptor {
  return (next) => async (request) => {
    const place = `${request.service.typeName}/${request.method.name}`;
    let response: UnaryResponse | StreamResponse;
    try {
      response = await next(request);
    } catch (error) {
      throw translate(error, place);
    }
    if (!response.stream) return response;
    return { ...response, message: translated(response.message, (error) => translate(error, place)) };
  };
}

async function* translated<T>(
  messages: AsyncIterable<T>,
  translate: (error: unknown) => ConnectError,
): AsyncGenerator<T> {
  try {
    yield* messages;
  } catch (error) {
    throw translate(error);
  }
}
