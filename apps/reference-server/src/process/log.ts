const levels = ["debug", "info", "warn", "error", "silent"] as const;

export type LogLevel = (typeof levels)[number];

type LogFields = Readonly<Record<string, unknown>>;

/** Everything the servers say about themselves goes to stderr through this, so that stdout stays machine-readable. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** The same log, with these fields on each line. */
  child(fields: LogFields): Log;
}

interface LogOptions {
  readonly level: LogLevel;
  /** `json` is one object a line; `text` is for a person's terminal. */
  readonly format: "json" | "text";
  readonly write?: (line: string) => void;
}

/** A log whose lines can be shown to anyone: fields that carry secrets are redacted by name, wherever they are nested. */
export function createLog({ level, format, write = writeToStderr }: LogOptions, bound: LogFields = {}): Log {
  const threshold = levels.indexOf(level);
  const at = (name: Exclude<LogLevel, "silent">) => (message: string, fields?: LogFields) => {
    if (levels.indexOf(name) < threshold) return;
    const line = { time: new Date().toISOString(), level: name, message: redactText(message), ...bound, ...fields };
    write(format === "json" ? toJson(line) : toText(line));
  };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (fields) => createLog({ level, format, write }, { ...bound, ...fields }),
  };
}

const secretName = /(token|secret|password|authorization|cookie|signature|pepper|private|smtpurl|^auth$|^mac$)/i;

function toJson(line: LogFields): string {
  return JSON.stringify(redact(line, new Set()));
}

function toText({ time, level, message, ...fields }: LogFields): string {
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${showField(name, value)}`);
  return [`${String(time).slice(11, 19)} ${String(level).toUpperCase().padEnd(5)} ${String(message)}`, ...rest].join(
    " ",
  );
}

function showField(name: string, value: unknown): string {
  const safe = redact({ [name]: value }, new Set()) as LogFields; // an object goes in, so an object comes out
  const shown = safe[name];
  return typeof shown === "string" ? shown : (JSON.stringify(shown) ?? "undefined");
}

function redact(value: unknown, seen: Set<object>): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (seen.has(value)) return "[circular]";
  const inside = new Set(seen).add(value);
  if (value instanceof Error) {
    return redact({ name: value.name, message: value.message, stack: value.stack, cause: value.cause }, inside);
  }
  if (Array.isArray(value)) return value.map((item) => redact(item, inside));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, secretName.test(name) ? "[redacted]" : redact(item, inside)]),
  );
}

/** Secrets also hide in text: the query of a URL, its user part, a bearer header, one of our own prefixed tokens. */
function redactText(text: string): string {
  return text
    .replace(/([?&](?:access_token|token|client_secret|sid|session|loginToken)=)[^&\s"']+/gi, "$1[redacted]")
    .replace(/(\/\/)[^/\s@"']+:[^/\s@"']+@/g, "$1[redacted]@")
    .replace(/(Bearer )[^\s"']+/gi, "$1[redacted]")
    .replace(/\bm[a-z]{2}_[A-Za-z0-9_-]{43,}/g, "[redacted]");
}

function writeToStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}
