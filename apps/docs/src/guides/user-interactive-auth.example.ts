import {
  createMatrixClient,
  withUserInteractiveAuth,
} from "@matrix-openapi/client";
import type { MatrixClient } from "@matrix-openapi/client";

/** What the guide's code leaves to the app: talking to its user. */
export interface App {
  showTerms(policies: Readonly<Record<string, unknown>>): Promise<boolean>;
  validateEmail(): Promise<{ sid: string; client_secret: string }>;
  askForPassword(reason: string | undefined): Promise<string | null>;
}

export async function register(
  baseUrl: string,
  username: string,
  password: string,
  app: App,
): Promise<string> {
  // #region register
  const client = createMatrixClient({ baseUrl });

  const account = await withUserInteractiveAuth(
    (auth) =>
      client.POST("/_matrix/client/v3/register", {
        body: { username, password, auth },
      }),
    {
      "m.login.terms": async (params) =>
        (await app.showTerms(params.policies)) || null,
      "m.login.email.identity": async () => ({
        threepid_creds: await app.validateEmail(),
      }),
      "m.login.dummy": () => true,
    },
  );
  // #endregion
  // #region outcome
  if (account.ok) return `Welcome, ${account.data.user_id}`;
  if (account.status === 400 && account.error.errcode === "M_USER_IN_USE")
    return "That name is taken.";
  return "Registration is not possible right now.";
  // #endregion
}

export async function changePassword(
  client: MatrixClient,
  user: string,
  newPassword: string,
  app: App,
): Promise<boolean> {
  // #region password
  const changed = await withUserInteractiveAuth(
    (auth) =>
      client.POST("/_matrix/client/v3/account/password", {
        body: { new_password: newPassword, auth },
      }),
    {
      "m.login.password": async (_params, { failure }) => {
        const password = await app.askForPassword(failure?.error);
        return password === null
          ? null
          : { identifier: { type: "m.id.user", user }, password };
      },
    },
  );
  // #endregion
  return changed.ok;
}
