/** Which workspace package may import which; the same table as in ARCHITECTURE.md, "One direction". */
export interface Room {
  readonly folder: string;
  /** Allowed anywhere in the package. */
  readonly imports: readonly string[];
  /** Allowed in its tests besides. */
  readonly testImports: readonly string[];
}

const room = (folder: string, imports: readonly string[] = [], testImports: readonly string[] = []): Room => ({
  folder,
  imports,
  testImports,
});

export const rooms: Readonly<Record<string, Room>> = {
  api: room("api"),
  generator: room("packages/generator"),
  definitions: room("packages/definitions"),
  client: room("packages/client", ["definitions"], ["server"]),
  server: room("packages/server", ["definitions"]),
  contract: room("packages/contract", [], ["definitions"]),
  "reference-server": room("apps/reference-server", ["definitions", "server"], ["contract"]),
  docs: room("apps/docs", ["definitions", "client"], ["reference-server"]),
  interop: room("interop", ["definitions", "client", "server", "contract", "reference-server", "docs"]),
  bench: room("bench", ["definitions", "client", "server", "contract", "reference-server", "docs"]),
};
