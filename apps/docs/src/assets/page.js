// What pages do besides being read: search, and the button that copies a block of code.
const input = document.querySelector("#search");
const results = document.querySelector("#results");
let index;

input.addEventListener("focus", load, { once: true });
input.addEventListener("input", async () =>
  show(input.value.trim() === "" ? [] : (await load()).search(input.value).slice(0, 12)),
);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement === document.body) {
    event.preventDefault();
    input.focus();
  }
  if (event.key === "Escape") show([]);
  if (event.key === "Enter" && document.activeElement === input) results.querySelector("a")?.click();
});
document.addEventListener("click", async ({ target }) => {
  if (!target.closest(".search")) show([]);
  if (!target.matches(".copy")) return;
  await navigator.clipboard.writeText(target.nextElementSibling.textContent);
  target.textContent = "Copied";
  setTimeout(() => (target.textContent = "Copy"), 1500);
});

// The index is loaded once somebody searches, so that reading a page costs nothing but the page.
function load() {
  index ??= Promise.all([
    import("./minisearch.js"),
    fetch("/assets/search.json").then((response) => response.json()),
  ]).then(([{ default: MiniSearch }, entries]) => {
    const search = new MiniSearch({
      fields: ["title", "terms"],
      storeFields: ["title", "subtitle"],
      searchOptions: { boost: { title: 2 }, prefix: true, fuzzy: 0.2, combineWith: "AND" },
    });
    search.addAll(entries);
    return search;
  });
  return index;
}

function show(hits) {
  results.replaceChildren(
    ...hits.map(({ id, title, subtitle }) => {
      const link = Object.assign(document.createElement("a"), { href: id, textContent: title });
      link.append(Object.assign(document.createElement("small"), { textContent: subtitle }));
      const item = document.createElement("li");
      item.append(link);
      return item;
    }),
  );
  results.hidden = hits.length === 0;
}
