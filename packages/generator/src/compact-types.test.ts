import { expect, test } from "vitest";
import type { Operation, Schema } from "./document.ts";
import { typesModule } from "./types.ts";

const widget: Schema = {
  description: "One widget.",
  type: "object",
  required: ["kind"],
  properties: {
    kind: { description: "What it is.\nIn two lines.", type: "string", const: "round", default: "round" },
    owner: { description: "Whose it is.", type: "string", format: "mx-user-id", examples: ["@a:b"], deprecated: true },
    size: { type: "integer", format: "int64", example: 3 },
    home: { type: "string", format: "uri" },
  },
  examples: [{ kind: "round", nested: { lines: 2 } }],
};

const get: Operation = {
  operationId: "getWidget",
  summary: "Get it",
  responses: {
    200: {
      description: "The widget.",
      content: {
        "application/json": { schema: { $ref: "#/components/schemas/Widget" }, examples: { a: { value: {} } } },
      },
    },
    302: {
      description: "Elsewhere.",
      headers: { Location: { required: true, schema: { type: "string" } } as object },
    },
    404: { description: "Gone.", content: { "text/html": {} } },
  },
};

const described = { openapi: "3.1.1", info: { title: "", version: "" }, components: { schemas: { Widget: widget } } };
const types = await typesModule({
  ...described,
  paths: {
    "/widgets/{id}": { parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }], get },
  },
});

test("a path has its operations, and nothing else", () => {
  expect(between(types, "export interface paths", "\n}\n")).toBe(`export interface paths {
	"/widgets/{id}": {
		/** Get it */
		get: operations["getWidget"];
	};`);
});

test("responses of JSON have a name, those with headers do not, and neither tells what its status means", () => {
  expect(between(types, "export interface operations", "\n}\n")).toBe(`export interface operations {
	getWidget: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				id: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			200: Json<Schemas["Widget"]>;
			302: {
				headers: {
					Location: string;
					[name: string]: unknown;
				};
				content?: never;
			};
			404: {
				headers: AnyHeaders;
				content: {
					"text/html": unknown;
				};
			};
		};
	};`);
});

test("descriptions stay, examples and what the type says anyway do not", () => {
  expect(between(types, "\t\t/** One widget. */", "\n\t};\n")).toBe(`\t\t/** One widget. */
		Widget: {
			/**
			 * What it is.
			 *     In two lines.
			 * @default round
			 */
			kind: "round";
			/**
			 * Whose it is.
			 * @deprecated
			 */
			owner?: string;
			size?: number;
			/** Format: uri */
			home?: string;
		};`);
});

test("a name is declared where it is used", async () => {
  expect(types).toContain("\ninterface Json<Body> {");
  expect(types).toContain("\ninterface AnyHeaders {");
  expect(types).not.toContain("NoParameters");
  const without = await typesModule({ ...described, paths: { "/a": { get } } });
  expect(without).toContain("parameters: NoParameters;");
  expect(without).toContain("\ninterface NoParameters {");
});

function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start);
  return text.slice(from, text.indexOf(end, from));
}
