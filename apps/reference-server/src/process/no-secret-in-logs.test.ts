import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { callsTo } from "../fixtures/call.ts";
import { startLoopbackServer } from "../fixtures/loopback-server.ts";
import { createLog, startReferenceServer } from "../index.ts";
import type { LogLevel } from "../index.ts";
import { openDatabase } from "../storage/database.ts";
import { systemClock } from "./clock.ts";

const levels = ["debug", "info", "warn", "error"] as const satisfies readonly LogLevel[];
const formats = ["json", "text"] as const;
const cases = formats.flatMap((format) => levels.map((level) => [level, format] as const));

/** Given by people and configuration; those that the server makes come on top. */
const given = {
  password: "correct-horse-password",
  newPassword: "battery-staple-password",
  wrongPassword: "wrong-horse-password",
  fixtureToken: "token-of-a-fixture",
  asToken: "as-token-of-the-bridge",
  hsToken: "hs-token-of-the-bridge",
  smtpPassword: "password-of-the-mail-server",
  smsAuthorization: "authorization-of-the-gateway",
  turnSecret: "secret-of-the-turn-server",
  clientSecret: "secret.of.a.client",
  idAccessToken: "token-for-an-identity-server",
  pushKey: "push-key-of-a-phone",
  pushUrlPassword: "password-in-a-push-url",
  registrationToken: "token-for-registration",
  backupKey: "c2Vzc2lvbiBkYXRhIG9mIGEga2V5IGJhY2t1cA",
  toDevice: "secret-sent-to-a-device",
};

test.each(cases)(
  "at the level %s as %s no line has a secret, whatever is done and goes wrong",
  async (level, format) => {
    const lines: string[] = [];
    const folder = mkdtempSync(join(tmpdir(), "logs-"));
    const database = join(folder, "server.db");
    await using gateway = await startLoopbackServer((request, response) => {
      response.writeHead(500).end(request.headers.authorization ?? "no");
    });
    const port = new URL(gateway.url).port;
    await using server = await startReferenceServer({
      database,
      passwordHashing: "test",
      log: createLog({ level, format, write: (line) => lines.push(line) }),
      fixtures: {
        users: { alice: { password: given.password, devices: { D: { accessToken: given.fixtureToken } } }, bob: {} },
      },
      registration: {
        flows: [["m.login.dummy"], ["m.login.registration_token"]],
        tokens: [{ token: given.registrationToken }],
      },
      applicationServices: [
        {
          id: "bridge",
          url: gateway.url,
          as_token: given.asToken,
          hs_token: given.hsToken,
          sender_localpart: "bridge",
          namespaces: {
            users: [{ exclusive: true, regex: "@_bridge_.*" }],
            rooms: [{ exclusive: false, regex: "!.*" }],
            aliases: [{ exclusive: true, regex: "#_bridge_.*" }],
          },
        },
      ],
      mail: { smtpUrl: `smtp://mailer:${given.smtpPassword}@127.0.0.1:1` },
      sms: { webhookUrl: gateway.url, headers: { authorization: given.smsAuthorization } },
      turn: { uris: ["turn:turn.example.org"], sharedSecret: given.turnSecret },
      identity: { trustedServers: null },
      outbound: { allowPrivateAddresses: true },
    });
    const made: string[] = [];
    const call = callsTo(`${server.homeserver}/_matrix/client`);
    const keep = (answer: { readonly body: Readonly<Record<string, unknown>> }) => {
      const secrets = ["access_token", "refresh_token", "login_token", "session", "password"].map(
        (name) => answer.body[name],
      );
      made.push(...secrets.filter((value): value is string => typeof value === "string"));
      return answer.body as Record<string, string>; // only those fields are read that are there
    };

    // Accounts and tokens, right and wrong.
    const passwordLogin = (password: string) => ({
      type: "m.login.password",
      identifier: { type: "m.id.user", user: "alice" },
      password,
      refresh_token: true,
    });
    const carol = { username: "carol", password: given.password };
    const challenge = keep(await call("POST", "/v3/register", { body: carol }));
    const tokenStage = {
      type: "m.login.registration_token",
      token: given.registrationToken,
      session: challenge["session"],
    };
    keep(await call("POST", "/v3/register", { body: { ...carol, auth: tokenStage } }));
    await call("POST", "/v3/login", { body: passwordLogin(given.wrongPassword) });
    const login = keep(await call("POST", "/v3/login", { body: passwordLogin(given.password) }));
    const refreshed = keep(await call("POST", "/v3/refresh", { body: { refresh_token: login["refresh_token"] } }));
    const token = refreshed["access_token"];
    expect(token).toBeDefined();
    await call("GET", `/v3/account/whoami?access_token=${token}`);
    await call("GET", "/v3/account/whoami?access_token=nonsense-token-in-a-query");
    keep(await call("POST", "/v3/user/@alice:localhost/openid/request_token", { token, body: {} }));
    keep(await call("GET", "/v3/voip/turnServer", { token }));
    const auth = {
      type: "m.login.password",
      identifier: { type: "m.id.user", user: "alice" },
      password: given.password,
    };
    const change = { new_password: given.newPassword, logout_devices: false };
    expect((await call("POST", "/v3/account/password", { token, body: { ...change, auth } })).status).toBe(200);

    // Whom the server asks, and who fails.
    const email = { client_secret: given.clientSecret, email: "a@example.org", send_attempt: 1 };
    await call("POST", "/v3/account/3pid/email/requestToken", { token, body: email });
    const phone = { client_secret: given.clientSecret, country: "DE", phone_number: "01711234567", send_attempt: 1 };
    await call("POST", "/v3/account/3pid/msisdn/requestToken", { token, body: phone });
    const bind = {
      client_secret: given.clientSecret,
      id_server: `127.0.0.1:${port}`,
      id_access_token: given.idAccessToken,
      sid: "1",
    };
    await call("POST", "/v3/account/3pid/bind", { token, body: bind });
    await call("GET", "/v3/profile/@_bridge_x:localhost");
    await call("GET", `/v3/directory/room/${encodeURIComponent("#_bridge_x:localhost")}`);
    const url = `http://pusher:${given.pushUrlPassword}@127.0.0.1:${port}/_matrix/push/v1/notify`;
    const names = { app_display_name: "A", device_display_name: "D", lang: "en" };
    await call("POST", "/v3/pushers/set", {
      token,
      body: { kind: "http", app_id: "a", pushkey: given.pushKey, ...names, data: { url } },
    });
    const room = { invite: ["@alice:localhost"] };
    await call("POST", "/v3/createRoom", { token: server.users.bob.accessToken, body: room });

    // Keys.
    const message = { messages: { "@alice:localhost": { "*": { secret: given.toDevice } } } };
    await call("PUT", "/v3/sendToDevice/m.secret.send/1", { token, body: message });
    const backup = { algorithm: "m.megolm_backup.v1.curve25519-aes-sha2", auth_data: { public_key: "x" } };
    const { version } = keep(await call("POST", "/v3/room_keys/version", { token, body: backup }));
    const key = {
      first_message_index: 0,
      forwarded_count: 0,
      is_verified: true,
      session_data: { ciphertext: given.backupKey },
    };
    await call("PUT", `/v3/room_keys/keys/${encodeURIComponent("!r:localhost")}/s?version=${version}`, {
      token,
      body: key,
    });

    // Failures of the server itself: a table that is gone.
    const db = await openDatabase(database, systemClock);
    made.push(...(await db.selectFrom("hs_signing_keys").select("seed").execute()).map(({ seed }) => seed));
    await db.schema.dropTable("hs_rate_limits").execute();
    await db.destroy();
    expect((await call("POST", "/v3/login", { body: passwordLogin(given.newPassword) })).status).toBe(500);

    await vi.waitFor(() => {
      if (level === "error") expect(lines.join("\n")).toContain("a request failed");
      else for (const told of toldOf) expect(lines.join("\n")).toContain(told);
    }, patience);
    const all = lines.join("\n");
    expect(made.length).toBeGreaterThan(7);
    for (const secret of [...Object.values(given), ...made, "nonsense-token-in-a-query"])
      expect(all).not.toContain(secret);
    rmSync(folder, { recursive: true });
  },
);

const patience = { timeout: 10_000 };

/** What shows that the failures have been there. */
const toldOf = [
  "a mail could not be sent",
  "a text message could not be sent",
  "a push could not be delivered",
  "an application service did not take a transaction",
  "a request failed",
];
