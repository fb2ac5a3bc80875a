import ts from "typescript";

/**
 * Says what openapi-typescript says in a third of the words: shapes that recur at every operation get a name, which is
 * also cheaper to check; keys that nobody can use are left out, and so are examples, which the docs show better.
 */
export function compactTypes(nodes: readonly ts.Node[]): ts.Node[] {
  return nodes.map(compact);
}

/** Declares the names that compact types use, and indents by tabs. */
export function completeTypes(types: string): string {
  const complete = Object.entries(declarations).reduce(
    (text, [name, declaration]) => (new RegExp(`\\b${name}[[<;]`).test(text) ? `${text}${declaration}\n` : text),
    `${types}\n`,
  );
  return complete.replaceAll(/^(?: {4})+/gm, (indent) => "\t".repeat(indent.length / 4));
}

/** A declaration comes before those that it mentions. */
const declarations: Readonly<Record<string, string>> = {
  NoParameters: `interface NoParameters {
    query?: never;
    header?: never;
    path?: never;
    cookie?: never;
}`,
  Json: `interface Json<Body> {
    headers: AnyHeaders;
    content: {
        "application/json": Body;
    };
}`,
  AnyHeaders: `interface AnyHeaders {
    [name: string]: unknown;
}`,
  Schemas: `type Schemas = components["schemas"];`,
  OtherName: `/** A name in somebody's own namespace, so that it does not begin with \`m.\`. */
type OtherName = \`\${Exclude<Letter, "m">}\${string}.\${string}\` | \`m\${Letter | Digit | "_" | "-"}\${string}.\${string}\`;
type Letter = ${characters("abcdefghijklmnopqrstuvwxyz")};
type Digit = ${characters("0123456789")};`,
};

function characters(all: string): string {
  return [...all].map((each) => JSON.stringify(each)).join(" | ");
}

function compact(node: ts.Node): ts.Node {
  const inner = ts.visitEachChild(node, compact, undefined);
  const outer = ts.isInterfaceDeclaration(inner) && inner.name.text === "paths" ? withUsedKeys(inner) : named(inner);
  const comments = ts.getSyntheticLeadingComments(outer);
  if (comments === undefined) return outer;
  const kept = isResponse(outer) ? [] : comments.map((comment) => ({ ...comment, text: shorter(comment.text) }));
  return ts.setSyntheticLeadingComments(
    outer,
    kept.filter((comment) => comment.text !== ""),
  );
}

function named(node: ts.Node): ts.Node {
  if (isSchemas(node)) return reference("Schemas");
  if (!ts.isTypeLiteralNode(node)) return node;
  if (isAnyHeaders(node)) return reference("AnyHeaders");
  if (node.members.length === 4 && node.members.every(isNever)) return reference("NoParameters");
  const body = jsonBody(node);
  return body === undefined ? node : reference("Json", body);
}

/** A path repeats the parameters that its operations have, and names the methods that it does not have. */
function withUsedKeys(paths: ts.InterfaceDeclaration): ts.InterfaceDeclaration {
  const { factory } = ts;
  const members = paths.members.map((member) => {
    if (!ts.isPropertySignature(member) || member.type === undefined || !ts.isTypeLiteralNode(member.type))
      return member;
    const used = member.type.members.filter((key) => !isNever(key) && nameOf(key) !== "parameters");
    const type = factory.updateTypeLiteralNode(member.type, factory.createNodeArray(used));
    return factory.updatePropertySignature(member, member.modifiers, member.name, member.questionToken, type);
  });
  const { modifiers, name, typeParameters, heritageClauses } = paths;
  return factory.updateInterfaceDeclaration(paths, modifiers, name, typeParameters, heritageClauses, members);
}

/** The body of a response that is JSON and has no headers of its own. */
function jsonBody({ members }: ts.TypeLiteralNode): ts.TypeNode | undefined {
  const [headers, content] = members;
  if (members.length !== 2 || nameOf(headers) !== "headers" || nameOf(content) !== "content") return undefined;
  const [headersType, contentType] = [typeOf(headers), typeOf(content)];
  if (headersType === undefined || !isReference(headersType, "AnyHeaders")) return undefined;
  if (contentType === undefined || !ts.isTypeLiteralNode(contentType)) return undefined;
  const [json] = contentType.members;
  return contentType.members.length === 1 && nameOf(json) === "application/json" ? typeOf(json) : undefined;
}

/** `{ [name: string]: unknown }`; the index of an open object is called `key`. */
function isAnyHeaders({ members }: ts.TypeLiteralNode): boolean {
  const [only] = members;
  if (members.length !== 1 || only === undefined || !ts.isIndexSignatureDeclaration(only)) return false;
  const [parameter] = only.parameters;
  return parameter !== undefined && ts.isIdentifier(parameter.name) && parameter.name.text === "name";
}

/** `components["schemas"]` */
function isSchemas(node: ts.Node): boolean {
  if (!ts.isIndexedAccessTypeNode(node) || !isReference(node.objectType, "components")) return false;
  return ts.isLiteralTypeNode(node.indexType) && textOf(node.indexType.literal) === "schemas";
}

function isNever(member: ts.TypeElement): boolean {
  return typeOf(member)?.kind === ts.SyntaxKind.NeverKeyword;
}

/** Only responses have numbers as names; what their status means is no news. */
function isResponse(node: ts.Node): boolean {
  return ts.isPropertySignature(node) && ts.isNumericLiteral(node.name);
}

const redundant = /^(@example|@constant|@enum|Format: (mx-|int64$))/;

/** Descriptions need no tag; formats of our own, constants and enums are in the type, and examples in the docs. */
function shorter(comment: string): string {
  const parts = comment
    .trim()
    .replace(/^\*/, "")
    .split(/\n \* (?! {4})/)
    .map((part) => part.trim().replace("@description ", ""))
    .filter((part) => part !== "" && !redundant.test(part));
  const tags = parts.filter((part) => part.startsWith("@"));
  const words = parts.filter((part) => !part.startsWith("@")).join("\n *\n * ");
  const text = [...(words === "" ? [] : [words]), ...tags].join("\n * ");
  if (text === "") return "";
  return text.includes("\n") ? `*\n * ${text}\n ` : `* ${text} `;
}

function nameOf(member: ts.TypeElement | undefined): string | undefined {
  return member?.name === undefined ? undefined : textOf(member.name);
}

function typeOf(member: ts.TypeElement | undefined): ts.TypeNode | undefined {
  return member !== undefined && ts.isPropertySignature(member) ? member.type : undefined;
}

function textOf(node: ts.Node): string | undefined {
  return ts.isIdentifier(node) || ts.isStringLiteral(node) ? node.text : undefined;
}

function isReference(node: ts.TypeNode, name: string): boolean {
  return ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName) && node.typeName.text === name;
}

function reference(name: string, ...types: ts.TypeNode[]): ts.TypeReferenceNode {
  return ts.factory.createTypeReferenceNode(name, types);
}
