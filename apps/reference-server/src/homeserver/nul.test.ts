import { Agent } from "node:http";
import { expect, test } from "vitest";
import { isObject } from "../json.ts";
import { isOnPostgres } from "../storage/fixtures/databases.ts";
import { callsTo } from "../fixtures/call.ts";
import { password, startHomeserver } from "./fixtures/homeserver.ts";
import { describedOperations, examplesOf } from "./fixtures/fuzzing/described.ts";
import type { DescribedOperation, Parameter } from "./fixtures/fuzzing/described.ts";
import { exchange } from "./fixtures/fuzzing/exchange.ts";
import { here, isWait } from "./fixtures/fuzzing/requests.ts";
import { undescribed } from "./fixtures/fuzzing/undescribed.ts";
import { startServerProcess } from "./fixtures/server-process.ts";

/** JSON and percent-encoding have the character NUL, the text of PostgreSQL has not. */
const nul = "a\0b";

const options = { rateLimits: false, registration: { flows: [["m.login.dummy"]] } } as const;

test("wherever a NUL is, the answer is a described one, and every database's is the same", async () => {
  await using home = await startHomeserver(options);
  const answers = await askEverything(home.url);
  expect(answers.size).toBeGreaterThan(700);
  if (!isOnPostgres) return;
  const onSqlite = await startServerProcess({ ...options, database: ":memory:" });
  try {
    expect(Object.fromEntries(answers)).toEqual(Object.fromEntries(await askEverything(onSqlite.url)));
  } finally {
    onSqlite.kill();
    await onSqlite.exited;
  }
}, 120_000);

interface Asker {
  readonly token: string;
  /** What is theirs, by the names that parameters have for it. */
  readonly own: Readonly<Record<string, string>>;
}

/** The status and error code of each request, which is named by its operation and where its NUL is. */
async function askEverything(url: string): Promise<Map<string, string>> {
  const agent = new Agent({ keepAlive: true });
  const found = new Map<string, string>();
  let people = 0;
  let asker = await register(url, people++);
  for (const operation of describedOperations) {
    for (const { place, path, body } of requestsOf(operation, asker)) {
      const headers = { authorization: `Bearer ${asker.token}`, "content-type": "application/json" };
      const answer = await exchange(url, { method: operation.descriptor.method, path, headers, body }, agent);
      const name = `${operation.descriptor.operationId} ${place}`;
      if (answer === undefined) throw new Error(`${name} was not answered: ${path} ${body}`);
      expect(undescribed(operation, answer), `${name}: ${path} ${body} → ${answer.text}`).toBeUndefined();
      const [, errcode = ""] = /"errcode":"(\w+)"/.exec(answer.text) ?? [];
      found.set(name, `${answer.status} ${errcode}`);
      if (errcode === "M_UNKNOWN_TOKEN") asker = await register(url, people++); // who has been logged out
    }
  }
  agent.destroy();
  return found;
}

async function register(url: string, number: number): Promise<Asker> {
  const call = callsTo(`${url}/_matrix/client/v3`);
  const account = { username: `user${number}`, password, auth: { type: "m.login.dummy" } };
  const {
    access_token: token,
    user_id: userId,
    device_id: deviceId,
  } = (await call("POST", "/register", { body: account })).body;
  const roomId = String((await call("POST", "/createRoom", { token, body: {} })).body["room_id"]);
  const path = `/rooms/${encodeURIComponent(roomId)}/send/m.room.message/1`;
  const eventId = String((await call("PUT", path, { token, body: { body: "words" } })).body["event_id"]);
  return { token, own: { roomId, eventId, userId, deviceId, roomIdOrAlias: roomId, serverName: "localhost" } };
}

interface Request {
  /** Where the NUL is. */
  readonly place: string;
  readonly path: string;
  readonly body: string | undefined;
}

/** What the description has as an example, with a NUL at one place at a time. */
function* requestsOf({ descriptor, parameters, body }: DescribedOperation, { own }: Asker): Generator<Request> {
  const usual = (parameter: Parameter) =>
    isWait(parameter) ? "0" : (own[parameter.name] ?? String(here(examplesOf(parameter)[0] ?? "x")));
  const pathWith = (spoilt?: Parameter) => {
    const valueOf = (parameter: Parameter) => encodeURIComponent(parameter === spoilt ? nul : usual(parameter));
    const filled = descriptor.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      valueOf(parameters.find((each) => each.name === name) ?? { name, in: "path" }),
    );
    const query = parameters.filter(
      (each) => each.in === "query" && (each === spoilt || each.required === true || isWait(each)),
    );
    return `${filled}?${query.map((each) => `${each.name}=${valueOf(each)}`).join("&")}`;
  };
  const examples = body === undefined ? [] : examplesOf(body).map(here);
  const usualBody = body === undefined ? undefined : JSON.stringify(examples[0] ?? {});
  for (const parameter of parameters) {
    if (parameter.in !== "header") yield { place: `?${parameter.name}`, path: pathWith(parameter), body: usualBody };
  }
  for (const [number, example] of examples.entries())
    for (const [place, spoilt] of withNul(example, String(number)))
      yield { place, path: pathWith(), body: JSON.stringify(spoilt) };
}

/** The value with a NUL in one of its strings or keys. */
function* withNul(value: unknown, at: string): Generator<readonly [place: string, spoilt: unknown]> {
  if (typeof value === "string") yield [at, nul];
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      for (const [place, spoilt] of withNul(item, `${at}[${index}]`)) yield [place, value.with(index, spoilt)];
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      const { [key]: _, ...rest } = value;
      yield [`${at}.${key} itself`, { ...rest, [nul]: item }];
      for (const [place, spoilt] of withNul(item, `${at}.${key}`)) yield [place, { ...value, [key]: spoilt }];
    }
  }
}
