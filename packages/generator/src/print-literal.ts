const lineWidth = 120;

/** Prints plain data as a TypeScript literal the way a formatter would: short things on one line, plain keys unquoted. */
export function printLiteral(value: unknown, indent = ""): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item: unknown) => ({ key: "", item }))
    : Object.entries(value).map(([key, item]: [string, unknown]) => ({ key: `${printKey(key)}: `, item }));
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (items.length === 0) return open + close;

  const pad = Array.isArray(value) ? "" : " ";
  const flat = `${open}${pad}${items.map(({ key, item }) => key + printLiteral(item)).join(", ")}${pad}${close}`;
  // 60 columns leave room for the key before it.
  if (!flat.includes("\n") && indent.length + flat.length <= lineWidth - 60) return flat;
  const lines = items.map(({ key, item }) => `${inner}${key}${printLiteral(item, inner)},`);
  return [open, ...lines, indent + close].join("\n");
}

export function printKey(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) || /^[1-9]\d*$/.test(key) ? key : JSON.stringify(key);
}
