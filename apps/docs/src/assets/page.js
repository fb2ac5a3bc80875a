// What pages do besides being read: search, the button that copies a block of code, and the contents on wide screens.
const site = new URL("..", import.meta.url);
const input = document.querySelector("#search");
const results = document.querySelector("#results");
let index;

input.addEventListener("focus", load, { once: true });
input.addEventListener("input", search);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement === document.body) {
    event.preventDefault();
    input.focus();
  }
  if (event.key === "Escape") close();
});
document.querySelector(".search").addEventListener("keydown", (event) => {
  const links = [...results.querySelectorAll("a")];
  if (event.key === "Enter" && document.activeElement === input) links[0]?.click();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || links.length === 0) return;
  event.preventDefault();
  const stops = [input, ...links];
  stops[(stops.indexOf(document.activeElement) + step + stops.length) % stops.length].focus();
});
document.addEventListener("click", ({ target }) => {
  if (!target.closest(".search")) close();
  if (target.matches(".copy")) copy(target);
});

// A search can be linked to.
const asked = new URLSearchParams(location.search).get("q");
if (asked) {
  input.value = asked;
  input.focus();
  search();
}

// Wide screens have room for the contents beside the page; on narrow ones they are folded away.
const contents = document.querySelector(".contents");
const wide = matchMedia("(min-width: 50rem)");
const unfold = () => (contents.open = wide.matches);
wide.addEventListener("change", unfold);
unfold();
// The contents may be longer than the screen.
const current = contents.querySelector("[aria-current]");
if (current !== null && wide.matches) contents.scrollTop = current.offsetTop - contents.clientHeight / 2;

async function search() {
  const words = input.value;
  if (words.trim() === "") return close();
  const found = (await load()).search(words).slice(0, 12);
  if (words === input.value) show(found);
}

// The index is loaded once somebody searches, so that reading a page costs nothing but the page.
function load() {
  index ??= Promise.all([
    import("./minisearch.js"),
    fetch(new URL("assets/search.json", site)).then((response) => response.json()),
  ]).then(([{ default: MiniSearch }, { options, entries }]) => {
    const engine = new MiniSearch(options);
    engine.addAll(entries);
    return engine;
  });
  return index;
}

function show(found) {
  const items = found.map(({ id, title, subtitle }) => {
    const link = element("a", title, element("small", subtitle));
    link.href = new URL(id.slice(1), site);
    return element("li", link);
  });
  results.replaceChildren(...(items.length > 0 ? items : [element("li", "No matches")]));
  results.hidden = false;
}

function close() {
  results.hidden = true;
  results.replaceChildren();
}

async function copy(button) {
  const code = button.nextElementSibling;
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
  } catch {
    // Browsers keep the clipboard from pages that came without TLS; selecting the code leaves one key to press.
    getSelection().selectAllChildren(code);
    button.textContent = "Selected";
  }
  setTimeout(() => (button.textContent = "Copy"), 1500);
}

function element(name, ...content) {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}
