import { matrixContract } from "../contract/matrix-contract.ts";
import { writeReport } from "../contract/write-report.ts";
import { applicationService, recaptchaResponse, registrationToken } from "./configuration.ts";
import { startSynapse } from "./synapse.ts";
import { remarks, unreached, verdicts } from "./verdicts.ts";

/** Runs the contract tests against Synapse and writes the report; ends with 1 where a finding has no verdict. */
await using synapse = await startSynapse();
const { administrator } = synapse;
const report = await matrixContract(synapse.url, {
  "smtp-port": String(synapse.smtpPort),
  "registration-token": registrationToken,
  "recaptcha-response": recaptchaResponse,
  administrator: `${administrator.user}:${administrator.password}`,
  "application-service": `${applicationService.id}:${applicationService.token}`,
  "preview-url": synapse.page,
  // It carries a new name from room to room in the background, ten rooms a second.
  timeout: "30",
});
writeReport(
  {
    name: `Synapse ${synapse.version}`,
    command: "npm run interop:synapse",
    setting:
      "`matrix-synapse` from PyPI on loopback, with SQLite, every rate limit raised, " +
      "no federation, and every stage of registration that it knows but text messages. All of its configuration is in " +
      "[configuration.ts](../../../interop/src/synapse/configuration.ts).",
    verdicts,
    remarks,
    unreached,
  },
  report,
);
