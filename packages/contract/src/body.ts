/** No answer of these APIs comes near; an endless one has to end somewhere. */
const mostBytes = 8 * 2 ** 20;

/** Nor does any of them nest deeply, while what does would exhaust the stack of every check that walks it. */
const mostLevels = 100;

/** Reads a body to its end, and throws where it has none in sight. */
export async function readBytes(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > mostBytes) throw new Error(`the answer is longer than ${mostBytes / 2 ** 20} MiB`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The JSON value in a text; undefined where it is none that a client could be asked to read. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isWithin(mostLevels, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isWithin(levels: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isWithin(levels - 1, inner));
}
