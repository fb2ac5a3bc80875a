import { createMatrixClient, sessionFromLogin } from "@matrix-openapi/client";
import { startReferenceServer } from "@matrix-openapi/reference-server";
import { expect, test } from "vitest";
import { changePassword, register } from "./user-interactive-auth.example.ts";
import type { App } from "./user-interactive-auth.example.ts";

const alicePassword = "correct horse battery staple";
const aliceEmail = "alice@example.org";

test("the guide's code registers by terms and mail, and changes the password after a wrong one", async () => {
  await using server = await startReferenceServer({
    registration: { flows: [["m.login.terms", "m.login.email.identity"]] },
    terms: { privacy: { version: "1", en: { name: "Privacy policy", url: "https://example.org/privacy" } } },
    passwordHashing: "test",
  });
  const client = createMatrixClient({ baseUrl: server.homeserver });
  const shown: unknown[] = [];
  const reasons: (string | undefined)[] = [];
  const app: App = {
    async showTerms(policies) {
      shown.push(policies);
      return true;
    },
    async validateEmail() {
      const client_secret = "a_secret";
      const sent = await client.POST("/_matrix/client/v3/register/email/requestToken", {
        body: { client_secret, email: aliceEmail, send_attempt: 1 },
      });
      if (!sent.ok) throw new Error(`requestToken answered ${sent.status}`);
      await followLink(server.inbox);
      return { sid: sent.data.sid, client_secret };
    },
    async askForPassword(reason) {
      reasons.push(reason);
      return reason === undefined ? "not the password" : alicePassword;
    },
  };

  expect(await register(server.homeserver, "alice", alicePassword, app)).toBe("Welcome, @alice:localhost");
  expect(shown).toHaveLength(1);
  expect(await register(server.homeserver, "alice", alicePassword, app)).toBe("That name is taken.");

  const login = await client.POST("/_matrix/client/v3/login", {
    body: { type: "m.login.password", identifier: { type: "m.id.user", user: "alice" }, password: alicePassword },
  });
  if (!login.ok) throw new Error(`login answered ${login.status}`);
  const alice = createMatrixClient({ baseUrl: server.homeserver, session: sessionFromLogin(login.data) });
  expect(await changePassword(alice, "alice", "another long password", app)).toBe(true);
  expect(reasons).toEqual([undefined, expect.any(String)]);
});

async function followLink(inbox: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${inbox}/api/messages?to=${aliceEmail}`);
    const { messages } = (await response.json()) as { messages: { links: string[] }[] }; // the inbox's own API
    const link = messages[0]?.links[0];
    if (link !== undefined) return void (await fetch(link));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
