import { readFile } from "node:fs/promises";
import { isObject } from "../json.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { nameKind } from "./show-value.ts";

/** Reads an object of fields, without its `$schema`. */
export async function readJsonFile(path: string): Promise<{ readonly [field: string]: unknown }> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new ConfigurationError(`${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  const value = parse(text, path);
  if (!isObject(value)) throw new ConfigurationError(`${path} holds ${nameKind(value)}; expected an object of fields`);
  const { $schema: _forEditors, ...input } = value;
  return input;
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigurationError(`${path} is not JSON: ${withoutExcerpt(messageOf(error), text)}`);
  }
}

/** V8 shows what is around a wrong character, where secrets can be; in more than a few characters its line helps as much. */
function withoutExcerpt(message: string, text: string): string {
  const [whole, isLater, excerpt = ""] = /, (\.\.\.)?"(.*)"(?:\.\.\.)? is not valid JSON$/s.exec(message) ?? [];
  if (whole === undefined) return message;
  const said = message.slice(0, -whole.length);
  const before = text.slice(0, text.indexOf(excerpt) + contextLength);
  return isLater === undefined ? said : `${said} in line ${before.split("\n").length}`;
}

/** How much of what comes before a wrong character V8 shows. */
const contextLength = 10;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
