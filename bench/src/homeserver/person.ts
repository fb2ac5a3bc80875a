const password = "correct horse battery staple";

/** Somebody with an account on the server that is measured. */
export interface Person {
  readonly userId: string;
  readonly headers: { readonly authorization: string };
  call(method: string, path: string, body?: object, signal?: AbortSignal): Promise<Answer>;
}

/** What answers have, each field as if it were there: what is missing fails where it is used. */
interface Answer {
  readonly room_id: string;
  readonly event_id: string;
  readonly next_batch: string;
  readonly session: string;
  readonly user_id: string;
  readonly access_token: string;
  readonly rooms?: {
    readonly join?: Readonly<Record<string, { readonly timeline?: { readonly events: readonly SyncedEvent[] } }>>;
  };
}

interface SyncedEvent {
  readonly content: { readonly body?: string };
}

export async function register(url: string, username: string): Promise<Person> {
  const account = { username, password };
  const { session } = await request(`${url}${base}/register`, "POST", {}, account, { expected: 401 });
  const auth = { type: "m.login.dummy", session };
  const { user_id, access_token } = await request(`${url}${base}/register`, "POST", {}, { ...account, auth });
  const headers = { authorization: `Bearer ${access_token}` };
  return {
    userId: user_id,
    headers,
    call: (method, path, body, signal) => request(`${url}${base}${path}`, method, headers, body, { signal }),
  };
}

/** Several at a time, named by their numbers. */
export async function registerMany(
  url: string,
  count: number,
  each: (person: Person) => Promise<unknown>,
): Promise<Person[]> {
  const people: Person[] = [];
  const numbers = Array.from({ length: count }, (_, index) => index);
  const worker = async (): Promise<void> => {
    for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
      const person = await register(url, `user${number}`);
      await each(person);
      people.push(person);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  return people;
}

export const base = "/_matrix/client/v3";

async function request(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body?: object,
  { expected = 200, signal }: { readonly expected?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<Answer> {
  const sent = body === undefined ? null : JSON.stringify(body);
  const response = await fetch(url, { method, headers, body: sent, signal: signal ?? null });
  const text = await response.text();
  if (response.status !== expected) throw new Error(`${method} ${url} was answered with ${response.status}: ${text}`);
  return JSON.parse(text) as Answer; // our own server's
}
