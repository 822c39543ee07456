import type { JsonValue } from './json.ts';

/** Named facts of one log line. Never a request, a response, an error object or a header. */
export type LogFields = Readonly<Record<string, JsonValue | undefined>>;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/**
 * Structured log lines for operators. Every line is one JSON object on stderr:
 * stdout belongs to the protocol (stdio) or to the ready line (`serve --json`).
 */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** A logger that adds `fields` to each of its lines. */
  child(fields: LogFields): Logger;
}

const RANK: Readonly<Record<LogLevel, number>> = { debug: 10, info: 20, warn: 30, error: 40 };

/** A field longer than this is cut: one hostile upstream text must not fill a disk. */
const FIELD_CHARS_MAX = 1024;

/**
 * Escapes what could forge a second log line, colour a terminal or reverse
 * text in it: C0/C1 controls and the Unicode bidirectional controls.
 */
export function escapeForLog(text: string): string {
  const cut = text.length > FIELD_CHARS_MAX ? `${text.slice(0, FIELD_CHARS_MAX)}…` : text;
  return cut.replace(
    // oxlint-disable-next-line no-control-regex -- controls are what is escaped.
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function safeFields(fields: LogFields): Record<string, JsonValue> {
  const out: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) out[name] = typeof value === 'string' ? escapeForLog(value) : value;
  }
  return out;
}

export interface LoggerOptions {
  /** Lowest level that is written. Default `info`. */
  level?: LogLevel;
  /** Where a line goes. Default: stderr. */
  write?: (line: string) => void;
  /** Epoch milliseconds for the `time` field. */
  nowMs: () => number;
}

/** Creates a logger that writes one JSON object per line. */
export function createLogger(options: LoggerOptions): Logger {
  const lowest = RANK[options.level ?? 'info'];
  const write =
    options.write ??
    ((line: string) => {
      process.stderr.write(line);
    });
  const build = (base: LogFields): Logger => {
    const emit = (level: LogLevel, event: string, fields: LogFields | undefined): void => {
      if (RANK[level] < lowest) return;
      const time = new Date(options.nowMs()).toISOString();
      write(`${JSON.stringify({ time, level, event, ...safeFields(base), ...safeFields(fields ?? {}) })}\n`);
    };
    return {
      debug: (event, fields) => emit('debug', event, fields),
      info: (event, fields) => emit('info', event, fields),
      warn: (event, fields) => emit('warn', event, fields),
      error: (event, fields) => emit('error', event, fields),
      child: (fields) => build({ ...base, ...fields }),
    };
  };
  return build({});
}

/** A logger that drops everything, for tests and for embedding. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLogger,
};
