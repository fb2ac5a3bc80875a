import { readFileSync } from "node:fs";
import { rules } from "@matrix-openapi/contract";
import { matrixContract } from "../contract/matrix-contract.ts";
import { writeReport } from "../contract/write-report.ts";
import { recaptchaResponse, registrationToken } from "../synapse/configuration.ts";
import { startSynapse } from "../synapse/synapse.ts";
import { startSydent } from "./sydent.ts";
import { remarks, verdicts } from "./verdicts.ts";

const [, version = ""] =
  /^matrix-sydent==(.+)$/m.exec(readFileSync(new URL("requirements.txt", import.meta.url), "utf8")) ?? [];

/** Judges Sydent by the rules of the identity service; its users are Synapse's, which it asks for their OpenID tokens. */
await using synapse = await startSynapse();
await using sydent = await startSydent(synapse.smtpPort);
const report = await matrixContract(synapse.url, {
  identity: sydent.url,
  "smtp-port": String(synapse.smtpPort),
  "registration-token": registrationToken,
  "recaptcha-response": recaptchaResponse,
  only: rules.flatMap(({ id }) => (id.startsWith("is-") ? [id] : [])).join(),
});
writeReport(
  {
    name: `Sydent ${version}`,
    command: "npm run interop:sydent",
    setting:
      "`matrix-sydent` from PyPI on loopback, with SQLite and its limits raised; its users are those " +
      "of a [Synapse](../../../interop/src/synapse/configuration.ts). All of its configuration is in " +
      "[configuration.ts](../../../interop/src/sydent/configuration.ts).",
    verdicts,
    remarks,
    unreached: {},
  },
  report,
);
