export { buildSite } from "./build-site.ts";
export { serveDocs } from "./serve-docs.ts";
