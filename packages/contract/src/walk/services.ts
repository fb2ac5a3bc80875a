import type { Client } from "../client-server/client.ts";
import { needed, path, serverOf } from "../client-server/client.ts";
import type { OperationId } from "../client-server/operations.ts";
import type { Context } from "../context.ts";
import { isObject } from "../json.ts";
import { NotOffered } from "../outcome.ts";
import type { Flow } from "./flow.ts";
import { asAlice, inScene } from "./flow.ts";

/** What depends on somebody else: a relay for calls, application services, the networks they lead to. */
export const serviceWalk = {
  getTurnServer: asAlice((alice) => alice.get("/voip/turnServer")),
  getProtocols: asAlice((alice) => alice.get("/thirdparty/protocols")),
  getProtocolMetadata: inProtocol((alice, name) => alice.get(path`/thirdparty/protocol/${name}`)),
  queryLocationByProtocol: inProtocol((alice, name) =>
    alice.get(path`/thirdparty/location/${name}`, { channel: "#a" }),
  ),
  queryUserByProtocol: inProtocol((alice, name) => alice.get(path`/thirdparty/user/${name}`, { nickname: "a" })),
  queryLocationByAlias: asAlice((alice) =>
    alice.get("/thirdparty/location", { alias: `#contract:${serverOf(alice)}` }),
  ),
  queryUserByID: asAlice((alice) => alice.get("/thirdparty/user", { userid: alice.userId })),
  pingAppservice: async (context) => {
    const { id, token } = serviceOf(context);
    await context.homeserver.post(path`/_matrix/client/v1/appservice/${id}/ping`, {}, { token });
  },
  updateAppserviceRoomDirectoryVisibility: inScene(async ({ room }, context) => {
    const { token } = serviceOf(context);
    const url = path`/_matrix/client/v3/directory/list/appservice/contract/${room}`;
    await context.homeserver.put(url, { visibility: "private" }, { token });
  }),
} satisfies Partial<Record<OperationId, Flow>>;

function serviceOf({ options }: Context) {
  if (options.applicationService === undefined)
    throw new NotOffered("needs an application service of the server (--application-service)");
  return options.applicationService;
}

function inProtocol(go: (alice: Client, name: string) => Promise<unknown>): Flow {
  return asAlice(async (alice) => {
    const { json } = await needed(alice.get("/thirdparty/protocols"));
    const [name] = isObject(json) ? Object.keys(json) : [];
    if (name === undefined) throw new NotOffered("the server leads to no third-party network");
    await go(alice, name);
  });
}
