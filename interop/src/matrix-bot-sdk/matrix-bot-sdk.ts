import { installedClients } from "../installed-clients.ts";

/** What the story uses of the SDK, whose types are installed with it, hence not there for the compiler. */
export interface MatrixBotSdk {
  readonly MatrixAuth: new (homeserver: string) => {
    passwordRegister(localpart: string, password: string, deviceName: string): Promise<BotClient>;
    passwordLogin(username: string, password: string, deviceName: string): Promise<BotClient>;
  };
  readonly MatrixClient: new (homeserver: string, accessToken: string, storage: object) => BotClient;
  readonly MemoryStorageProvider: new () => object;
  readonly AutojoinRoomsMixin: { setupOnClient(client: BotClient): void };
}

export interface BotClient {
  readonly accessToken: string;
  on(event: "room.message", listener: (roomId: string, event: RoomMessage) => void): void;
  start(): Promise<unknown>;
  stop(): void;
  getUserId(): Promise<string>;
  getUserProfile(userId: string): Promise<object>;
  setDisplayName(name: string): Promise<unknown>;
  createRoom(body: object): Promise<string>;
  resolveRoom(alias: string): Promise<string>;
  kickUser(userId: string, roomId: string, reason: string): Promise<unknown>;
  getJoinedRooms(): Promise<string[]>;
  getJoinedRoomMembers(roomId: string): Promise<string[]>;
  getRoomStateEvent(roomId: string, type: string, stateKey: string): Promise<object>;
  sendStateEvent(roomId: string, type: string, stateKey: string, content: object): Promise<string>;
  sendNotice(roomId: string, text: string): Promise<string>;
  replyHtmlText(roomId: string, event: RoomMessage, html: string): Promise<string>;
  redactEvent(roomId: string, eventId: string): Promise<string>;
  uploadContent(data: Buffer, contentType: string, filename: string): Promise<string>;
  downloadContent(uri: string): Promise<{ readonly data: Buffer }>;
  setAccountData(type: string, content: object): Promise<unknown>;
  getAccountData(type: string): Promise<object>;
}

export interface RoomMessage {
  readonly sender: string;
  readonly content: { readonly body?: string };
}

/** The SDK, without the native add-on for encryption, which it downloads from elsewhere and this bot does not need. */
export function matrixBotSdk(): MatrixBotSdk {
  const require = installedClients();
  const addOn = require.resolve("@matrix-org/matrix-sdk-crypto-nodejs");
  // Only what is read while the SDK is loaded has to be there.
  require.cache[addOn] = { id: addOn, filename: addOn, loaded: true, exports: {} } as NodeJS.Module;
  return require("matrix-bot-sdk") as MatrixBotSdk;
}
