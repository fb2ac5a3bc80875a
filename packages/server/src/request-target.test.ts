import { describe, expect, test } from "vitest";
import { queryValues, splitTarget } from "./request-target.ts";

describe("splitTarget", () => {
  test.each([
    ["/a/../b?x=1?y", { path: "/a/../b", query: "x=1?y" }],
    ["http://h:80/a//b?x", { path: "/a//b", query: "x" }],
    ["http://h", { path: "/", query: "" }],
    ["/a?next=http://h/b", { path: "/a", query: "next=http://h/b" }],
    ["/a#b?c", { path: "/a", query: "" }],
    ["*", { path: "*", query: "" }],
  ])("%s", (target, wanted) => expect(splitTarget(target)).toEqual(wanted));
});

describe("queryValues", () => {
  test.each([
    ["a=1&b=2&a=3", ["1", "3"]],
    ["%61=x+y%2B", ["x y+"]],
    ["a", [""]],
    ["a=b=c", ["b=c"]],
    ["b=1", []],
    ["", []],
    ["a=%FF", null],
    ["b=%FF&a=1", ["1"]],
  ])("a in %s", (query, wanted) => expect(queryValues(query, "a")).toEqual(wanted));
});
