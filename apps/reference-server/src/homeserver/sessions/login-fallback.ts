import { field, html, pageResult } from "../../html.ts";

/**
 * A page on which a client without a form of its own logs its user in: it gets the answer through `window.matrixLogin.onLogin`.
 * https://spec.matrix.org/v1.19/client-server-api/#login-fallback
 */
export function loginFallback() {
  return page;
}

/** The page is the same for everybody; what the client wants for the device, the script reads from the address. */
const script = `
const form = document.querySelector("form");
const message = document.querySelector("[role=alert]");
const wished = new URLSearchParams(location.search);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  message.textContent = "";
  const fields = new FormData(form);
  const body = {
    type: "m.login.password",
    identifier: { type: "m.id.user", user: fields.get("user") },
    password: fields.get("password"),
  };
  for (const name of ["device_id", "initial_device_display_name"]) {
    if (wished.has(name)) body[name] = wished.get(name);
  }
  try {
    const response = await fetch("../../../client/v3/login", { method: "POST", body: JSON.stringify(body) });
    const answer = await response.json();
    if (!response.ok) message.textContent = answer.error;
    else if (window.matrixLogin) window.matrixLogin.onLogin(answer);
    else message.textContent = "You are logged in, but the application that opened this page does not listen.";
  } catch {
    message.textContent = "The server cannot be reached. Try again.";
  }
});
`;

const page = pageResult(200, {
  title: "Log in",
  body: html`<h1>Log in</h1>
    <form>
      ${field("User name", { name: "user", autocomplete: "username", autocapitalize: "none" })}
      ${field("Password", { name: "password", type: "password", autocomplete: "current-password" })}
      <p class="error" role="alert"></p>
      <p><button>Log in</button></p>
    </form>`,
  script,
  allow: { "connect-src": "'self'" },
});
