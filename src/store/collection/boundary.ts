import { type LivingSession, Session, livingSessions, reliesSinceMs } from '../session.ts';

/**
 * Since when things were used that a running work may rely on. The order of the steps is what makes it true: the collection is
 * announced, then the time is taken, then the sessions are listed. A session that is not listed began later than the time that was
 * taken, and after the announcement, and so relies only on what it has marked itself.
 */
export class Boundary implements Disposable {
  /** What was used at this time or later is not collected, in milliseconds since 1970. */
  readonly usedMs: number;
  /** The names of the collection's own sessions. */
  readonly own: ReadonlySet<string>;
  readonly #announcement: Session;

  constructor(store: string, storeSession: Session) {
    this.#announcement = Session.open(store, 'collection');
    try {
      this.own = new Set([storeSession.name, this.#announcement.name]);
      const nowMs = this.#takeTime(store);
      const others = livingSessions(store).filter(({ name }) => !this.own.has(name));
      this.usedMs = Math.min(nowMs, ...others.map(reliesSinceMs));
    } catch (error) {
      this.#announcement.close();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#announcement.close();
  }

  /** A time later than that of any mark so far, as the file system gives it back: it may keep times less exactly than the clock. */
  #takeTime(store: string): number {
    const beforeMs = Date.now();
    let nowMs = beforeMs;
    while (nowMs === beforeMs) nowMs = Date.now();
    this.#announcement.moveStart(nowMs);
    const isOwn = ({ name }: LivingSession): boolean => name === this.#announcement.name;
    return Math.min(nowMs, livingSessions(store).find(isOwn)?.startMs ?? nowMs);
  }
}
