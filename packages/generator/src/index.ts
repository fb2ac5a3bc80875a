export { generate, type GenerateOptions, type GenerateResult } from "./generate.ts";
export { GenerationError, type Problem } from "./generation-error.ts";
export type { ApiSource } from "./bundle.ts";
