import { EXIT_UNSUPPORTED, fail } from '../host/failure.ts';
import { isBzip2, unpackBzip2 } from './bzip2/stream.ts';
import { isXz, unpackXz } from './xz/stream.ts';
import { isZstd, unpackZstd } from './zstd/frame.ts';

/** Unpacks standard input, whose first bytes say how it is compressed, to standard output. */
if (isXz()) unpackXz();
else if (isBzip2()) unpackBzip2();
else if (isZstd()) unpackZstd();
else fail(EXIT_UNSUPPORTED, 'the data is compressed by none of xz, bzip2 and zstd');
