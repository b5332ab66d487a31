/** Something that has happened, for the structured log: facts hold no token, no content and no header. */
export interface LogRecord {
  readonly level: 'info' | 'warning' | 'error';
  /** Such as `call-failed`. */
  readonly event: string;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

export type ServerLog = (record: LogRecord) => void;
