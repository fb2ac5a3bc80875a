import type { ContractOptions } from "@matrix-openapi/contract";
import { startPushGateway } from "@matrix-openapi/contract";
import type { ReferenceServerOptions } from "../src/index.ts";
import { startOutside } from "./outside.ts";
import type { Target } from "./target.ts";
import { registrationToken, startTarget } from "./target.ts";

/** The servers with everybody around them whom a rule may need: an administrator, a bridge, a web page, a push gateway. */
export async function startEquippedTarget(changes: ReferenceServerOptions = {}): Promise<Target> {
  const outside = await startOutside();
  const push = await startPushGateway("http://127.0.0.1:0");
  const target = await startTarget({
    administrators: ["@admin:localhost"],
    applicationServices: [outside.registration],
    sso: { providers: [outside.provider] },
    oauth: { metadataUrl: `${outside.url}/oauth` },
    wellKnown: { policyServerKey: "6yhHGKhCiXTSEN2ksjV7kX/N6rBQZ3Xb+M7LlC6NS+s" },
    support: { supportPage: "https://example.org/support" },
    turn: { uris: ["turn:turn.example.org"], sharedSecret: "shared" },
    // Frozen, the deprecated operations would have nothing to give.
    media: { maximumUploadBytes: 65_536, freezeAt: null },
    outbound: { allowPrivateAddresses: true },
    ...changes,
  });
  const options: ContractOptions = {
    ...target.options,
    administrator: await registerAdministrator(String(target.options.homeserver)),
    applicationService: { id: outside.registration.id, token: outside.registration.as_token },
    previewUrl: `${outside.url}/page`,
    push,
  };
  return {
    options,
    close: async () => {
      await target.close();
      await push.close();
      await outside[Symbol.asyncDispose]();
    },
  };
}

interface Challenge {
  readonly session: string;
  readonly flows: readonly { readonly stages: readonly string[] }[];
}

/** Walks the first flow, of stages that ask nobody. */
async function registerAdministrator(homeserver: string) {
  const body = { username: "admin", password: "correct horse battery staple" };
  const url = new URL("/_matrix/client/v3/register", homeserver);
  const post = (auth?: object) =>
    fetch(url, { method: "POST", body: JSON.stringify({ ...body, ...(auth && { auth }) }) });
  const { session, flows } = (await (await post()).json()) as Challenge; // nothing registers without one
  let last = 401;
  for (const type of flows[0]?.stages ?? []) last = (await post({ type, session, token: registrationToken })).status;
  if (last !== 200) throw new Error(`registering the administrator ended with ${last}, expected 200`);
  return { user: body.username, password: body.password };
}
