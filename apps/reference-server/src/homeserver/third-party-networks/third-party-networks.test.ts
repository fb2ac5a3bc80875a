import { afterAll, beforeAll, expect, test } from "vitest";
import { startService } from "../application-services/fixtures/application-service.ts";
import type { TestService } from "../application-services/fixtures/application-service.ts";
import { startHomeserver } from "../fixtures/homeserver.ts";
import type { TestHomeserver } from "../fixtures/homeserver.ts";

let service: TestService;
let other: TestService;
let home: TestHomeserver;
let token: string;

const protocol = (networks: readonly string[]) => ({
  user_fields: ["network", "nickname"],
  location_fields: ["network", "channel"],
  icon: "mxc://localhost/irc",
  field_types: {
    network: { regexp: ".+", placeholder: "irc.example.org" },
    nickname: { regexp: "\\S+", placeholder: "nick" },
    channel: { regexp: "#\\S+", placeholder: "#garden" },
  },
  instances: networks.map((id) => ({ network_id: id, desc: id, fields: { network: id } })),
});
const bob = { userid: "@_irc_bob:localhost", protocol: "irc", fields: { network: "libera", nickname: "bob" } };
const garden = { alias: "#_irc_garden:localhost", protocol: "irc", fields: { channel: "#garden" } };

beforeAll(async () => {
  service = await startService({ protocols: ["irc"] });
  const changes = { id: "other", as_token: "other", sender_localpart: "_other", namespaces: {} };
  other = await startService({ ...changes, protocols: ["irc", "broken", "gone"] });
  service.answer = ({ path }) => {
    const answers: Record<string, unknown> = {
      "/protocol/irc": protocol(["libera"]),
      "/location/irc?channel=%23garden": [garden],
      "/user/irc?nickname=bob": [bob],
      "/location?alias=%23_irc_garden%3Alocalhost": [garden],
      "/user?userid=%40_irc_bob%3Alocalhost": [bob],
    };
    const body = answers[path.replace("/_matrix/app/v1/thirdparty", "")];
    return body === undefined ? { status: 404 } : { status: 200, body };
  };
  other.answer = ({ path }) => {
    if (path === "/_matrix/app/unstable/thirdparty/protocol/irc?access_token=hs-token-of-irc") {
      return { status: 200, body: protocol(["oftc"]) };
    }
    return path.endsWith("/broken") ? { status: 200, body: { instances: "none" } } : { status: 404 };
  };
  home = await startHomeserver({ applicationServices: [service.registration, other.registration] });
  token = (await home.register("alice")).access_token;
});

afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});

const get = (path: string) => home.call("GET", `/v3/thirdparty/${path}`, { token });

test("the protocols are those of all services together, also of those that have them at the older place", async () => {
  const { body } = await get("protocols");
  expect(Object.keys(body)).toEqual(["irc"]);
  expect(body["irc"]).toMatchObject({
    user_fields: ["network", "nickname"],
    instances: [
      { network_id: "libera", instance_id: "irc|libera" },
      { network_id: "oftc", instance_id: "other|oftc" },
    ],
  });
  expect((await get("protocol/irc")).body).toEqual(body["irc"]);
});

test("a protocol that nobody has, and one that its service cannot explain, are not found", async () => {
  for (const name of ["xmpp", "broken", "gone"]) {
    expect(await get(`protocol/${name}`)).toMatchObject({ status: 404, body: { errcode: "M_NOT_FOUND" } });
  }
});

test("users and places are looked for with the fields of the protocol, without the client's token", async () => {
  expect((await get(`user/irc?nickname=bob`)).text).toBe(JSON.stringify([bob]));
  expect((await get("location/irc?channel=%23garden")).text).toBe(JSON.stringify([garden]));
  const query = { access_token: token, nickname: "bob" };
  expect((await home.call("GET", "/v3/thirdparty/user/irc", { query })).status).toBe(200);
  for (const path of ["user/irc?nickname=eve", "location/irc", "user/xmpp?nickname=bob"]) {
    expect((await get(path)).status).toBe(404);
  }
});

test("and the other way round, by the user or the alias here", async () => {
  expect((await get("user?userid=%40_irc_bob%3Alocalhost")).text).toBe(JSON.stringify([bob]));
  expect((await get("location?alias=%23_irc_garden%3Alocalhost")).text).toBe(JSON.stringify([garden]));
  expect((await get("user?userid=%40alice%3Alocalhost")).status).toBe(404);
});
