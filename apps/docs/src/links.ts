/** Makes a page's links begin at `root`, which leads from the page to the front page, rather than at the server's root. */
export function linksFrom(root: string, markup: string): string {
  return markup.replaceAll(/ (href|src)="\/(?!\/)/g, ` $1="${root}`);
}

/** How a page refers to the front page, so that the site can stand below any path. */
export function rootFrom(href: string): string {
  return "../".repeat(href.split("/").length - 2) || "./";
}
