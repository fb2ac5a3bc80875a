/** The text of a page, in the charset that its byte order mark, its Content-Type or its first lines name. */
export function decodeHtml(bytes: Uint8Array, contentType: string): string {
  const start = Buffer.from(bytes.subarray(0, 1024)).toString("latin1");
  const named = charsetIn(contentType) ?? charsetIn(/<meta[^>]{0,200}charset[^>]{0,100}/i.exec(start)?.[0] ?? "");
  for (const charset of [markOf(bytes), named]) {
    const decoder = charset === undefined ? undefined : decoderFor(charset);
    if (decoder !== undefined) return decoder.decode(bytes);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes); // as browsers do
  }
}

function charsetIn(text: string): string | undefined {
  return /charset\s*=\s*["']?\s*([\w:.-]+)/i.exec(text)?.[1];
}

function markOf([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return first === 0xff && second === 0xfe ? "utf-16le" : undefined;
}

/** Undefined for a name that nobody knows. */
function decoderFor(charset: string): TextDecoder | undefined {
  try {
    return new TextDecoder(charset);
  } catch {
    return undefined;
  }
}
