import { create } from '@bufbuild/protobuf';
import { type ClaimMade, ClaimMadeSchema, type Progress, ProgressSchema } from '../../protocol/index.ts';

/** How much of a log is kept for those who read it slowly or come late, in lines and in characters. */
const keptLines = 10_000;
const keptLength = 1 << 20;
/** How much of it stays when its program has ended. */
const endingLines = 100;
const endingLength = 16 << 10;
/** More claims than a program may make. */
const keptClaims = 2000;

/** What a running program has said and claimed, for several readers, each of whom has a place of its own in it. */
export class ProgressLog {
  #lines: string[] = [];
  /** How many lines came before the first that is kept. */
  #dropped = 0;
  #length = 0;
  readonly #claims: ClaimMade[] = [];

  addLine(line: string): void {
    this.#lines.push(line);
    this.#length += line.length;
    if (this.#lines.length > keptLines || this.#length > keptLength)
      this.#drop(Math.ceil(this.#lines.length / 2));
  }

  addClaim(claim: string, known: boolean): void {
    if (this.#claims.length < keptClaims) this.#claims.push(create(ClaimMadeSchema, { claim, known }));
  }

  /** The end of it, for whoever comes late; this one goes on as it is. */
  ending(): ProgressLog {
    const ending = new ProgressLog();
    ending.#dropped = this.#dropped;
    for (const line of this.#lines) ending.addLine(line);
    for (const claim of this.#claims) ending.#claims.push(claim);
    while (ending.#lines.length > endingLines || ending.#length > endingLength) ending.#drop(1);
    return ending;
  }

  reader(): ProgressReader {
    let [line, claim] = [0, 0];
    return {
      take: () => {
        const end = this.#dropped + this.#lines.length;
        if (line === end && claim === this.#claims.length) return undefined;
        // What was said before the first line that is kept is lost for whoever has not read it.
        const earlierLines = Math.max(line, this.#dropped);
        const logLines = this.#lines.slice(earlierLines - this.#dropped);
        const claims = this.#claims.slice(claim);
        const earlierClaims = claim;
        [line, claim] = [end, this.#claims.length];
        return create(ProgressSchema, {
          logLines,
          claims,
          earlierLines: BigInt(earlierLines),
          earlierClaims: BigInt(earlierClaims),
        });
      },
    };
  }

  #drop(count: number): void {
    for (const { length } of this.#lines.slice(0, count)) this.#length -= length;
    this.#lines = this.#lines.slice(count);
    this.#dropped += count;
  }
}

export interface ProgressReader {
  /** What has come since the last time; undefined where nothing has. */
  take(): Progress | undefined;
}
