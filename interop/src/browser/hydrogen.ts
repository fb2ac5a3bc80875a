// @ts-expect-error Installed for its story only, so it is not there for the compiler.
import * as hydrogen from "hydrogen-view-sdk";

// The script of hydrogen.html, after the SDK's own tutorial. Bundled for the browser by the test.

const { Platform, Client, LoadStatus, createNavigation, createRouter, RoomViewModel, RoomView } = hydrogen;
const status = (text: string): void => void (document.querySelector("[role=status]")!.textContent = text); // in hydrogen.html

const assetPaths = {
  downloadSandbox: "assets/download-sandbox.html",
  worker: "assets/main.js",
  serviceWorker: "sw.js",
  olm: { wasm: "olm/olm.wasm", legacyBundle: "olm/olm_legacy.js", wasmBundle: "olm/olm.js" },
};

// Hydrogen knows the older prefix only, under which the specification had the same operations.
const send = globalThis.fetch;
globalThis.fetch = (input, options) =>
  send(typeof input === "string" ? input.replace("/_matrix/client/r0/", "/_matrix/client/v3/") : input, options);

async function main(homeserver: string, user: string, password: string): Promise<void> {
  const container = document.querySelector("#app");
  const platform = new Platform({ container, assetPaths, config: {}, options: { development: true } });
  const navigation = createNavigation();
  platform.setNavigation(navigation);
  const urlRouter = createRouter({ navigation, history: platform.history });
  urlRouter.attach();
  const client = new Client(platform);
  const login = await client.queryLogin(homeserver).result;
  client.startWithLogin(login.password(user, password));
  const ended = [LoadStatus.Ready, LoadStatus.Error, LoadStatus.LoginFailed];
  await client.loadStatus.waitFor((found: unknown) => ended.includes(found)).promise;
  if (client.loginFailure) return status(`refused: ${client.loginFailure}`);
  if (client.loadError) return status(`failed: ${client.loadError.message}`);

  const { session } = client;
  status("ready");
  const [room] = [...session.rooms.values()];
  const viewModel = new RoomViewModel({
    room,
    features: { calls: false },
    ownUserId: session.userId,
    platform,
    urlRouter,
    navigation,
  });
  await viewModel.load();
  container?.append(new RoomView(viewModel, hydrogen.viewClassForTile).mount());
}

const given = new URLSearchParams(location.search);
const field = (name: string): string => given.get(name) ?? "";
main(field("homeserver"), field("user"), field("password")).catch((error: Error) => status(`failed: ${error.stack}`));
