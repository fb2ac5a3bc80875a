import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { matrixContract } from "../contract/matrix-contract.ts";
import { reportPage } from "../contract/report-page.ts";
import { openQuestions } from "../contract/verdicts.ts";
import { applicationService, recaptchaResponse, registrationToken } from "./configuration.ts";
import { startSynapse } from "./synapse.ts";
import { remarks, unreached, verdicts } from "./verdicts.ts";

const folder = fileURLToPath(new URL("../../../packages/contract/reports/", import.meta.url));

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
const page = reportPage(
  {
    name: `Synapse ${synapse.version}`,
    command: "npm run interop:synapse",
    date: new Date().toISOString().slice(0, 10),
    setting:
      "[matrix-synapse](https://pypi.org/project/matrix-synapse/) from PyPI on loopback, with SQLite, every rate limit raised, " +
      "no federation, and every stage of registration that it knows but text messages. All of its configuration is in " +
      "[configuration.ts](../../../interop/src/synapse/configuration.ts).",
    verdicts,
    remarks,
    unreached,
  },
  report,
);
mkdirSync(folder, { recursive: true });
const file = `${folder}synapse-${synapse.version}.md`;
writeFileSync(file, page);
process.stdout.write(`${file}\n`);
for (const question of openQuestions(report, verdicts)) {
  process.stderr.write(`${question}\n`);
  process.exitCode = 1;
}
