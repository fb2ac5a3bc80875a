import { createClient, MatrixEventEvent, RoomEvent } from "matrix-js-sdk";
import type { MatrixClient, MatrixEvent } from "matrix-js-sdk";

// The script of page.html: the smallest client that a person could use. Bundled for the browser by the test.

const find = (selector: string): HTMLElement => document.querySelector(selector) as HTMLElement; // all are in page.html
const status = (text: string): void => void (find("[role=status]").textContent = text);

find("#login").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  const field = (name: string) => String(new FormData(submitted.target as HTMLFormElement).get(name)); // it is the form
  logIn(field("homeserver"), field("user"), field("password")).catch((error: Error) => status(error.message));
});

async function logIn(baseUrl: string, user: string, password: string): Promise<void> {
  const identifier = { type: "m.id.user", user };
  const login = await createClient({ baseUrl }).loginRequest({ type: "m.login.password", identifier, password });
  const client = createClient({
    baseUrl,
    userId: login.user_id,
    accessToken: login.access_token,
    deviceId: login.device_id,
  });
  await client.initRustCrypto();
  client.on(RoomEvent.Timeline, (event) => void show(client, event));
  client.on(MatrixEventEvent.Decrypted, (event) => void show(client, event));
  client.on(RoomEvent.MyMembership, (room, membership) => {
    if (membership === "invite") void client.joinRoom(room.roomId);
  });
  find("#composer").addEventListener("submit", (submitted) => {
    submitted.preventDefault();
    const text = String(new FormData(submitted.target as HTMLFormElement).get("message")); // it is the form
    const [room] = client.getRooms();
    if (room !== undefined) client.sendTextMessage(room.roomId, text).catch((error: Error) => status(error.message));
  });
  await client.startClient();
  status(`Logged in as ${login.user_id}`);
}

async function show(client: MatrixClient, event: MatrixEvent): Promise<void> {
  find("h1").textContent = client.getRoom(event.getRoomId())?.name ?? "";
  const { body, msgtype, url } = event.getContent<{ body?: string; msgtype?: string; url?: string }>();
  const id = event.getId();
  // An echo is shown once the server has answered, under the ID that it has given.
  if (event.getType() !== "m.room.message" || id === undefined || !id.startsWith("$")) return;
  if (document.getElementById(id) !== null) return;
  const item = document.createElement("li");
  item.id = id;
  item.textContent = `${event.getSender() ?? ""}: ${body ?? ""}`;
  find("#timeline").append(item);
  if (msgtype === "m.image" && url !== undefined) item.append(await picture(client, url));
}

async function picture(client: MatrixClient, uri: string): Promise<HTMLImageElement> {
  const url = client.mxcUrlToHttp(uri, 64, 64, "scale", false, true, true) ?? "";
  const answer = await fetch(url, { headers: { authorization: `Bearer ${client.getAccessToken()}` } });
  const image = new Image();
  image.src = URL.createObjectURL(await answer.blob());
  await image.decode();
  return image;
}
