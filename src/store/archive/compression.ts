import type * as zlibModule from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import { errorCode } from '../faults.ts';
import { pieceSize } from '../pieces.ts';
import { cutOff, notAnArchive, notCompressed } from './faults.ts';

/** Loaded when something is moved: most runs move nothing. */
function zlib(): typeof zlibModule {
  return process.getBuiltinModule('node:zlib');
}

/** How many pieces may wait on either side, so that one thread compresses while another one reads. */
const waitingPieces = 4;
/**
 * The largest window that a reader makes room for, as a power of two: what every decoder of zstd should be able to (RFC 8878), and
 * the highest level that is offered stays within it.
 */
const windowLog = 23;

/** The pieces as one frame of zstd. What comes out depends on how they are cut. */
export async function* compress(pieces: Iterable<Uint8Array>, level: number): AsyncGenerator<Uint8Array> {
  const { constants, createZstdCompress } = zlib();
  const compressor = createZstdCompress({
    chunkSize: pieceSize,
    writableHighWaterMark: pieceSize * waitingPieces,
    params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 },
  } as zlibModule.ZstdOptions);
  const fed = pipeline(pieces, compressor);
  // It is thrown where the stream is read.
  fed.catch(() => undefined);
  yield* compressor as AsyncIterable<Uint8Array>;
  await fed;
}

/**
 * What is in frames of zstd.
 *
 * @throws DiagnosticError CAB5021 where they are damaged or cut off, or something else follows them.
 */
export async function* decompress(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { constants, createZstdDecompress } = zlib();
  const decompressor = createZstdDecompress({
    chunkSize: pieceSize,
    params: { [constants.ZSTD_d_windowLogMax]: windowLog },
  });
  let given = 0;
  let gotten = 0;
  let failure: { readonly error: unknown } | undefined;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of chunks) {
        given += chunk.length;
        yield chunk;
      }
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  const fed = pipeline(counted, decompressor);
  fed.catch(() => undefined);
  try {
    for await (const piece of decompressor as AsyncIterable<Uint8Array>) {
      gotten += piece.length;
      yield piece;
    }
    await fed;
  } catch (error) {
    // Whoever gives the chunks has failed, and not what is in them.
    if (failure !== undefined) throw failure.error;
    throw gotten === 0 && isNoFrame(error, given) ? notAnArchive() : faultOf(error, gotten);
  }
  // What stands behind the last frame the decompressor leaves alone.
  if (decompressor.bytesWritten !== given)
    throw notCompressed(gotten, new Error('something follows its end'));
}

const surplus = new Error('something follows its end');

/** Nothing at all, or something that does not begin as a frame does. */
function isNoFrame(error: unknown, given: number): boolean {
  const code = errorCode(error);
  return code === 'ZSTD_error_prefix_unknown' || (given === 0 && code === 'Z_BUF_ERROR');
}

function faultOf(error: unknown, offset: number): unknown {
  const code = errorCode(error);
  if (code === 'Z_BUF_ERROR') return cutOff(offset);
  // It has closed at the end of a frame, and there was more to give it.
  if (code === 'ERR_STREAM_PREMATURE_CLOSE') return notCompressed(offset, surplus);
  return code?.startsWith('ZSTD_') === true ? notCompressed(offset, error as Error) : error;
}
