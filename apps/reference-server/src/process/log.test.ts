import { expect, test } from "vitest";
import { createLog } from "./log.ts";

function logged(format: "json" | "text", use: (log: ReturnType<typeof createLog>) => void): string[] {
  const lines: string[] = [];
  use(createLog({ level: "info", format, write: (line) => lines.push(line) }));
  return lines;
}

test("a line is one object with its level, its fields and those of its parents; lesser levels are left out", () => {
  const lines = logged("json", (log) => {
    log.debug("no");
    log.child({ server: "identity" }).warn("hot\nline", { status: 500 });
  });
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { time: expect.any(String) as string, level: "warn", message: "hot\nline", server: "identity", status: 500 },
  ]);
  expect(lines[0]).not.toContain("\n");
});

const token = `mat_${"x".repeat(43)}`;
const circular: Record<string, unknown> = { token: "hunter2" };
circular["self"] = circular;

test.each<[string, Record<string, unknown>]>([
  ["a field by name", { password: "hunter2" }],
  ["nested", { body: { auth: { type: "m.login.password", password: "hunter2" } } }],
  ["in a list", { headers: [{ Authorization: "hunter2" }] }],
  ["a client secret", { client_secret: "hunter2" }],
  ["in the query of a URL", { url: "/x?access_token=hunter2&a=b" }],
  ["in a URL's user part", { detail: "connect smtp://user:hunter2@mail failed" }],
  ["behind Bearer", { detail: "Bearer hunter2" }],
  ["in an error's message and cause", { error: new Error("no", { cause: new Error("smtp://u:hunter2@h") }) }],
  ["in a circle", circular],
])("a secret never reaches the log: %s", (_where, fields) => {
  for (const format of ["json", "text"] as const) {
    const [line = ""] = logged(format, (log) => log.error(`seen ${token}`, fields));
    expect(line).not.toContain("hunter2");
    expect(line).not.toContain(token);
    expect(line).toContain("[redacted]");
  }
});
