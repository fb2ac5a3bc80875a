#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// Before anything else is loaded, and in plain JavaScript: a second start then neither strips types nor compiles.
enableCompileCache();
await import("@matrix-openapi/reference-server/cli");
