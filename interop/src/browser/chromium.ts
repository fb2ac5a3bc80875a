import { existsSync } from "node:fs";
import { installedClients } from "../installed-clients.ts";

/** What the story uses of Playwright, whose types are installed with it, hence not there for the compiler. */
export interface Browser {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

export interface Page {
  goto(url: string): Promise<unknown>;
  getByLabel(text: string): Locator;
  getByRole(role: string, options?: { readonly name: string }): Locator;
  locator(selector: string): Locator;
  screenshot(options: { readonly path: string }): Promise<Buffer>;
  on(event: "console", listener: (message: { type(): string; text(): string }) => void): void;
}

interface Locator {
  fill(text: string): Promise<void>;
  press(key: string): Promise<void>;
  click(): Promise<void>;
  textContent(): Promise<string | null>;
  allTextContents(): Promise<string[]>;
  count(): Promise<number>;
}

interface Playwright {
  readonly chromium: {
    launch(options: { readonly executablePath: string; readonly args: readonly string[] }): Promise<Browser>;
  };
}

const places = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Chromium or Chrome as it is installed on this machine. */
export async function startChromium(): Promise<Browser> {
  const executablePath = places.find((place) => place !== undefined && existsSync(place));
  if (executablePath === undefined) {
    throw new Error("There is no Chromium here: install it, or set CHROMIUM to where it is.");
  }
  const { chromium } = installedClients()("playwright-core") as Playwright;
  // The only page it opens is the one of the story, so it may be run by root as in containers.
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}
