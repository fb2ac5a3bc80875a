import { afterAll, expect, test } from "vitest";
import { startHomeserver } from "../fixtures/homeserver.ts";
import { person } from "../rooms/fixtures/person.ts";
import type { PushRule, PushRuleset } from "./ruleset.ts";

const home = await startHomeserver();
const [alice, bob] = [await person(home, "alice"), await person(home, "bob")];

afterAll(() => home[Symbol.asyncDispose]());

const put = (path: string, body: object) => alice.call("PUT", `/pushrules/global/${path}`, body);
const get = (path: string, who = alice) => who.call("GET", `/pushrules/global/${path}`);
const rulesOf = async (who = alice) => (await get("", who)).body as unknown as PushRuleset;
const ids = (rules: readonly PushRule[]) => rules.map((rule) => rule.rule_id).filter((id) => !id.startsWith("."));
const notify = { pattern: "x", actions: ["notify"] };

test("everybody begins with the server's rules, with their own user ID in them", async () => {
  const { body } = await bob.call("GET", "/pushrules/");
  expect(body["global"]).toEqual(await rulesOf(bob));
  const { override } = await rulesOf(bob);
  expect(override.find((rule) => rule.rule_id === ".m.rule.is_user_mention")).toMatchObject({
    default: true,
    enabled: true,
    conditions: [{ value: bob.id }],
  });
});

test("a new rule is the most important of the user's own, unless it is put next to another", async () => {
  for (const id of ["c", "b", "a"]) expect((await put(`content/${id}`, notify)).body).toEqual({});
  expect(ids((await rulesOf()).content)).toEqual(["a", "b", "c"]);
  await put("content/d?before=c", notify);
  await put("content/e?after=c", notify);
  await put("content/f?before=b&after=e", notify);
  expect(ids((await rulesOf()).content)).toEqual(["a", "f", "b", "d", "c", "e"]);
  await put("content/a?after=d", notify);
  expect(ids((await rulesOf()).content)).toEqual(["f", "b", "d", "a", "c", "e"]);
  await put("content/b", { pattern: "new", actions: [] });
  expect(ids((await rulesOf()).content)).toEqual(["f", "b", "d", "a", "c", "e"]);
  expect((await get("content/b")).body).toEqual({
    rule_id: "b",
    default: false,
    enabled: true,
    pattern: "new",
    actions: [],
  });
  for (const id of ["a", "b", "c", "d", "e", "f"]) {
    expect((await alice.call("DELETE", `/pushrules/global/content/${id}`)).body).toEqual({});
  }
  expect((await rulesOf()).content).toEqual([]);
});

test("own override rules come after the one that mutes everything and before the others", async () => {
  await put("override/mine", { actions: ["notify"] });
  const { override } = await rulesOf();
  expect(override.slice(0, 3).map((rule) => rule.rule_id)).toEqual([
    ".m.rule.master",
    "mine",
    ".m.rule.suppress_notices",
  ]);
  expect(override[1]).toEqual({ rule_id: "mine", default: false, enabled: true, conditions: [], actions: ["notify"] });
  await alice.call("DELETE", "/pushrules/global/override/mine");
});

test("what cannot be set is refused", async () => {
  const unknown = { status: 400, body: { errcode: "M_UNKNOWN" } };
  expect(await put("content/a?before=nosuch", notify)).toMatchObject(unknown);
  expect(await put("content/a?after=a", notify)).toMatchObject(unknown);
  expect(await put("room/a", { actions: [] })).toMatchObject(unknown);
  expect(await put("sender/a", { actions: [] })).toMatchObject(unknown);
  expect(await put("content/a", { pattern: "x".repeat(10_000), actions: [] })).toMatchObject(unknown);
  expect(await put("content/a", { actions: [] })).toMatchObject({ status: 400, body: { errcode: "M_BAD_JSON" } });
  const invalid = { status: 400, body: { errcode: "M_INVALID_PARAM" } };
  expect(await put("content/.m.rule.mine", notify)).toMatchObject(invalid);
  expect(await put("override/a?before=.m.rule.reaction", { actions: [] })).toMatchObject(invalid);
  expect(await put("nokind/a", notify)).toMatchObject(invalid);
  expect((await rulesOf()).content).toEqual([]);
});

test("the server's rules can be switched and changed, but not deleted", async () => {
  await put("override/.m.rule.master/enabled", { enabled: true });
  expect((await get("override/.m.rule.master/enabled")).body).toEqual({ enabled: true });
  await put("underride/.m.rule.message/actions", { actions: ["dont_notify", { set_tweak: "sound", value: "x" }] });
  expect((await get("underride/.m.rule.message/actions")).body).toEqual({
    actions: [{ set_tweak: "sound", value: "x" }],
  });
  expect((await get("underride/.m.rule.message", bob)).body).toMatchObject({ actions: ["notify"] });
  expect(await alice.call("DELETE", "/pushrules/global/underride/.m.rule.message")).toMatchObject({ status: 400 });
  await put("override/.m.rule.master/enabled", { enabled: false });
});

test("a rule keeps being disabled when it is replaced", async () => {
  await put("sender/@bob:localhost", { actions: ["notify"] });
  await put("sender/@bob:localhost/enabled", { enabled: false });
  await put("sender/@bob:localhost", { actions: [] });
  expect((await get("sender/@bob:localhost")).body).toMatchObject({ enabled: false, actions: [] });
});

test("a rule that there is not is not found", async () => {
  const unknown = { status: 404, body: { errcode: "M_NOT_FOUND" } };
  for (const path of ["content/nosuch", "content/nosuch/enabled", "content/nosuch/actions", "room/.m.rule.message"]) {
    expect(await get(path)).toMatchObject(unknown);
  }
  expect(await put("content/nosuch/enabled", { enabled: true })).toMatchObject(unknown);
  expect(await put("content/.m.rule.nosuch/actions", { actions: [] })).toMatchObject(unknown);
  expect(await alice.call("DELETE", "/pushrules/global/content/nosuch")).toMatchObject(unknown);
});

test("fifty rules set at once are all there", async () => {
  const carol = await person(home, "carol");
  const set = Array.from({ length: 50 }, (_, index) => carol.call("PUT", `/pushrules/global/content/${index}`, notify));
  expect(new Set((await Promise.all(set)).map(({ status }) => status))).toEqual(new Set([200]));
  expect((await rulesOf(carol)).content).toHaveLength(50);
});

test("they are account data, too, which only they change", async () => {
  const path = `/user/${alice.id}/account_data/m.push_rules`;
  expect((await alice.call("GET", path)).body).toEqual({ global: await rulesOf() });
  expect(await alice.call("PUT", path, { global: {} })).toMatchObject({ status: 405, body: { errcode: "M_BAD_JSON" } });
});

test("all rules together have a limit, because they are read for every event", async () => {
  const dora = await person(home, "dora");
  const add = (index: number) =>
    dora.call("PUT", `/pushrules/global/content/${index}`, { pattern: "x".repeat(8000), actions: [] });
  for (let index = 0; index < 32; index++) expect((await add(index)).status).toBe(200);
  expect(await add(32)).toMatchObject({ status: 400, body: { errcode: "M_UNKNOWN" } });
  expect((await dora.call("DELETE", "/pushrules/global/content/0")).status).toBe(200);
  expect((await add(32)).status).toBe(200);
});
