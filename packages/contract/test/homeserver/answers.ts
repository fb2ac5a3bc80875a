export type Json = Record<string, unknown>;

/** A request as the handlers see it. */
export interface Call {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Json;
  readonly bearer: string | undefined;
}

export interface Answer {
  readonly status: number;
  /** JSON, or a string for a page. */
  readonly body: Json | string;
}

export type Handler = (call: Call) => Answer;

/** Handlers by method and path; `*` stands for one segment of the path. */
export type Routes = Readonly<Record<string, Handler>>;

export function ok(body: Json): Answer {
  return { status: 200, body };
}

export function page(html: string): Answer {
  return { status: 200, body: `<!doctype html><title>Test</title>${html}` };
}

export function error(status: number, errcode: string): Answer {
  return { status, body: { errcode, error: "No" } };
}

/** A segment of the path, counted from its end. */
export function segment({ path }: Call, fromEnd: number): string {
  return decodeURIComponent(path.split("/").at(-fromEnd) ?? "");
}
