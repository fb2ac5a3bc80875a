import { aliceOf, bobOf, needed } from "../client-server/client.ts";
import type { OperationId } from "../client-server/operations.ts";
import type { Context } from "../context.ts";
import { identityAccount } from "../identity/account.ts";
import { validate } from "../identity/validation.ts";
import type { Medium } from "../new-address.ts";
import { oncePerRun } from "../once-per-run.ts";
import { NotOffered } from "../outcome.ts";
import { whyMissing } from "../rule.ts";
import type { TokenPurpose } from "../user-interactive-auth/validated-address.ts";
import { requestToken, validateAddress } from "../user-interactive-auth/validated-address.ts";
import type { Flow } from "./flow.ts";
import { withPassword } from "./flow.ts";

/** Mail addresses and telephone numbers: bob's at the homeserver, alice's at the identity server. */
export const addressWalk = {
  requestTokenToRegisterEmail: requesting("email", "register"),
  requestTokenToRegisterMSISDN: requesting("msisdn", "register"),
  requestTokenTo3PIDEmail: requesting("email", "account/3pid"),
  requestTokenTo3PIDMSISDN: requesting("msisdn", "account/3pid"),
  add3PID: (context) => added(context, "email"),
  getAccount3PIDs: async (context) => (await bobOf(context)).get("/account/3pid"),
  requestTokenToResetPasswordEmail: async (context) => {
    const { address } = await added(context, "email");
    await reset(context, "email", { email: address });
  },
  requestTokenToResetPasswordMSISDN: async (context) => {
    const { address } = await added(context, "msisdn");
    await reset(context, "msisdn", { country: "GB", phone_number: `0${address.slice(2)}` });
  },
  bind3PID: (context) => bound(context),
  unbind3pidFromAccount: async (context) => {
    const { medium, address, id_server } = await bound(context);
    await (await aliceOf(context)).post("/account/3pid/unbind", { medium, address, id_server });
  },
  post3PIDs: async (context) => {
    const { three_pid_creds } = await validatedElsewhere(context);
    await (await aliceOf(context)).post("/account/3pid", { three_pid_creds });
  },
  delete3pidFromAccount: async (context) => {
    const { medium, address } = await added(context, "email");
    await (await bobOf(context)).post("/account/3pid/delete", { medium, address });
  },
} satisfies Partial<Record<OperationId, Flow>>;

function readable({ mail, sms }: Context, medium: Medium): void {
  if (medium === "email" && mail === null) throw new NotOffered(whyMissing.mail);
  if (medium === "msisdn" && sms === null) throw new NotOffered(whyMissing.sms);
}

function requesting(medium: Medium, purpose: TokenPurpose): Flow {
  return async (context) => {
    readable(context, medium);
    await requestToken(context, medium, purpose);
  };
}

const adding = {
  email: oncePerRun((context) => add(context, "email")),
  msisdn: oncePerRun((context) => add(context, "msisdn")),
};

function added(context: Context, medium: Medium) {
  return adding[medium](context);
}

async function add(context: Context, medium: Medium) {
  readable(context, medium);
  const account = await context.accounts.bob();
  const bob = await bobOf(context);
  const validated = await validateAddress(context, medium, "account/3pid");
  const { sid, client_secret } = validated;
  await withPassword(context, account, (auth) =>
    bob.post("/account/3pid/add", { sid, client_secret, ...(auth && { auth }) }),
  );
  return validated;
}

async function reset(context: Context, medium: Medium, fields: object): Promise<void> {
  const body = { client_secret: context.random(24), send_attempt: 1, ...fields };
  await context.homeserver.post(`/_matrix/client/v3/account/password/${medium}/requestToken`, body);
}

/** An address that was validated at the identity server. */
async function validatedElsewhere(context: Context) {
  const { host } = context.identity.baseUrl;
  if (host === "identity.invalid") throw new NotOffered("no identity server was given (--identity)");
  readable(context, "email");
  const { medium, address, sid, client_secret } = await validate(context, "email");
  const { token } = await identityAccount(context);
  return { medium, address, three_pid_creds: { sid, client_secret, id_server: host, id_access_token: token } };
}

const bound = oncePerRun(async (context) => {
  const { medium, address, three_pid_creds } = await validatedElsewhere(context);
  // The identity server binds for the user whose token it is, which is alice's.
  await needed((await aliceOf(context)).post("/account/3pid/bind", three_pid_creds));
  return { medium, address, id_server: three_pid_creds.id_server };
});
