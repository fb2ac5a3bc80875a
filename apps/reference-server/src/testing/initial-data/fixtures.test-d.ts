import { createManualClock, startReferenceServer } from "../../index.ts";
import type { ReferenceServer } from "../../index.ts";

await using server = await startReferenceServer({
  clock: createManualClock(),
  fixtures: { users: { alice: {} }, rooms: { lobby: {} } },
});
const token: string = server.users.alice.accessToken;
const roomId: string = server.rooms.lobby.roomId;
server.clock.advance(1);
const any: ReferenceServer = server;
// @ts-expect-error -- there is no such user
void server.users.bob;
// @ts-expect-error -- there is no such room
void server.rooms.attic;

await using fromFile = await startReferenceServer({ fixtures: "fixtures.json" });
const perhaps: string | undefined = fromFile.users["alice"]?.accessToken;
// @ts-expect-error -- what a file has is known at run time only
const surely: string = fromFile.users["alice"].accessToken;

await using plain = await startReferenceServer();
// @ts-expect-error -- nobody is there
void plain.users.alice;
// @ts-expect-error -- the system's clock cannot be moved
plain.clock.advance(1);
void [token, roomId, any, perhaps, surely];
