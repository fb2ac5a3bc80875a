/** Reads the URL of a server, and throws a sentence about what is wrong with one that cannot be asked. */
export function readServerUrl(what: string, given: URL | string): URL {
  const text = String(given);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol))
    throw new Error(`${what}: expected an http or https URL, found "${text}"`);
  if (url.username !== "" || url.password !== "")
    throw new Error(`${what}: expected a URL without a user and password, found one for ${url.host}`);
  // Every path of the specification begins at the root of its server.
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "")
    throw new Error(`${what}: expected a URL without a path, such as ${url.origin}, found "${text}"`);
  return url;
}
