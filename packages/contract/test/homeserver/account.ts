import type { Call, Routes } from "./answers.ts";
import { error, ok } from "./answers.ts";
import type { Stages } from "./stages.ts";
import { passwordFlows } from "./stages.ts";
import type { Users } from "./users.ts";
import type { Validations } from "./validations.ts";

/** An account's password, addresses, cross-signing keys, and its end. */
export function accountRoutes(users: Users, { authenticate }: Stages, validations: Validations): Routes {
  // Whoever has lost every token can still show that the account's mail address is theirs.
  const changePassword = (call: Call) => {
    const caller = users.callerOf(call)?.user;
    const flows = caller === undefined ? [["m.login.email.identity"]] : passwordFlows;
    const refused = authenticate(call, { flows, subject: `${caller?.id} password` }, caller);
    if (refused !== null || caller === undefined) return refused ?? error(403, "M_FORBIDDEN");
    caller.password = String(call.body["new_password"]);
    const out = call.body["logout_devices"] === false ? [] : [...caller.devices];
    for (const [device, token] of out) if (token !== call.bearer) users.logOut(caller, device);
    return ok({});
  };
  const deactivate = (call: Call) => {
    const caller = users.callerOf(call)?.user;
    const refused = authenticate(call, { flows: passwordFlows, subject: `${caller?.id} deactivate` }, caller);
    return refused ?? ok({ id_server_unbind_result: "success" });
  };
  const addAddress = users.loggedIn((call, { user }) => {
    const refused = authenticate(call, { flows: passwordFlows, subject: `${user.id} 3pid` }, user);
    if (refused !== null) return refused;
    const validation = validations.find(call.body["sid"]);
    if (validation?.validated !== true) return error(400, "M_NO_VALID_SESSION");
    user.threepids.push({ medium: validation.medium, address: validation.address });
    return ok({});
  });
  const uploadKeys = users.loggedIn((call, { user }) => {
    const key = JSON.stringify(call.body["master_key"]);
    const flows = [...passwordFlows, ["m.oauth"]];
    const params = { "m.oauth": { url: "https://example.org/approve" } };
    const isExempt = user.masterKey === null || user.masterKey === key;
    const refused = isExempt ? null : authenticate(call, { flows, params, subject: `${user.id} keys` }, user);
    if (refused === null) user.masterKey = key;
    return refused ?? ok({});
  });
  return {
    "POST /_matrix/client/v3/account/password": changePassword,
    "POST /_matrix/client/v3/account/deactivate": deactivate,
    "POST /_matrix/client/v3/account/3pid/add": addAddress,
    "POST /_matrix/client/v3/keys/device_signing/upload": uploadKeys,
  };
}
