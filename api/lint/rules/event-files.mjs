import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { nameOf } from "../named.mjs";

/** @import { Rule } from "../redocly.ts" */

/** @type {Readonly<Record<string, string>>} */
const kindOfFolder = {
  state: "state",
  message: "message",
  ephemeral: "ephemeral",
  presence: "presence",
  "account-data": "account_data",
  "room-account-data": "room_account_data",
  "to-device": "to_device",
};

const contentFile = new RegExp(`/events/(${Object.keys(kindOfFolder).join("|")})/[^/]+\\.yaml$`);

/**
 * An event's content is found by its type and kind alone: both are in its path, the same as in its extensions, and
 * `events/openapi.yaml` lists every one.
 * @type {Rule}
 */
export const eventFiles = () => ({
  Root(root, { location, report }) {
    const folder = dirname(location.source.absoluteRef);
    if (basename(folder) !== "events") return;
    const listed = listOf(root);
    const schemas = location.child(["components", "schemas"]);
    for (const [name, target] of listed) {
      if (basename(target, ".yaml") === name) continue;
      report({
        message: `The list has ${target} under the name ${name}; expected the name of the file. Correct one of them.`,
        location: schemas.child(name).key(),
      });
    }
    const targets = new Set(listed.values());
    for (const file of filesIn(folder)) {
      if (targets.has(file)) continue;
      report({
        message: `The event file ${file} is not listed. Add it under components.schemas, by its name: \`${basename(file, ".yaml")}: {$ref: ${file}}\`.`,
        location: schemas.key(),
      });
    }
  },
  Schema(schema, { location, report }) {
    const name = nameOf(location);
    const folder = contentFile.exec(location.source.absoluteRef)?.[1];
    if (name === undefined || folder === undefined || location.pointer !== "#/") return;
    const type = schema["x-matrix-event-type"];
    const kinds = [schema["x-matrix-event-kind"] ?? []].flat();
    /** @param {string} key @param {string} message */
    const fault = (key, message) => report({ message, location: key in schema ? location.child(key) : location.key() });

    if (type?.replace(/\.\{\w+\}$/, "") !== name) {
      fault(
        "x-matrix-event-type",
        `${name}.yaml has ${type === undefined ? "no x-matrix-event-type" : `the x-matrix-event-type ${type}`}; expected ${name}, with an ending as .{keyId} where it is free. Correct it, or rename the file.`,
      );
    }
    if (kinds[0] !== kindOfFolder[folder]) {
      fault(
        "x-matrix-event-kind",
        `${name}.yaml in ${folder} has ${kinds.length === 0 ? "no x-matrix-event-kind" : `the x-matrix-event-kind ${kinds.join(", ")}`}; expected ${kindOfFolder[folder]}, alone or first. Correct it, or move the file.`,
      );
    }
    const isState = kinds.includes("state");
    if (isState !== (schema["x-matrix-state-key"] !== undefined)) {
      fault(
        "x-matrix-state-key",
        isState
          ? `${name}.yaml is a state event without x-matrix-state-key; expected the rule of its state key. Add it.`
          : `${name}.yaml has an x-matrix-state-key, but is no state event. Remove it.`,
      );
    }
  },
});

/**
 * The files that a description lists as its schemas, by the name it gives them.
 * @param {object} root
 * @returns {Map<string, string>}
 */
function listOf(root) {
  const { components } = /** @type {{ components?: { schemas?: Record<string, { $ref?: string }> } }} */ (root); // OpenAPI's
  const targets = Object.entries(components?.schemas ?? {}).map(
    ([name, { $ref = "" }]) => /** @type {const} */ ([name, $ref]),
  );
  return new Map(targets.filter(([, target]) => target.endsWith(".yaml")));
}

/**
 * The files of event contents, as paths from the description.
 * @param {string} folder
 */
function filesIn(folder) {
  return Object.keys(kindOfFolder)
    .filter((kind) => existsSync(join(folder, kind)))
    .flatMap((kind) =>
      readdirSync(join(folder, kind))
        .filter((file) => file.endsWith(".yaml"))
        .map((file) => `${kind}/${file}`),
    );
}
