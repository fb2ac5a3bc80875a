import { field, html } from "../../../html.ts";
import type { Platform } from "../../../platform.ts";
import { ssoFallback } from "../../single-sign-on/sso-stage.ts";
import type { FallbackStage } from "./fallback-stage.ts";
import { emailFallback, msisdnFallback } from "./threepid-fallback.ts";
import { recaptchaFallback } from "./recaptcha-fallback.ts";
import { termsFallback } from "./terms-fallback.ts";

/** The stages that can be completed in a browser: all that this server asks for. */
export function fallbackStages(platform: Platform): Readonly<Record<string, FallbackStage>> {
  return {
    "m.login.password": passwordFallback,
    "m.login.registration_token": registrationTokenFallback,
    "m.login.terms": termsFallback,
    "m.login.email.identity": emailFallback(platform),
    "m.login.msisdn": msisdnFallback(platform),
    "m.login.recaptcha": recaptchaFallback(platform),
    "m.login.sso": ssoFallback,
    "m.oauth": ssoFallback,
    "m.login.dummy": dummyFallback,
  };
}

const passwordFallback: FallbackStage = {
  title: "Confirm your password",
  form({ session: { userId }, fields: { user = "" } }) {
    const who =
      userId === null
        ? field("User name", { name: "user", value: user, autocomplete: "username", autocapitalize: "none" })
        : html`<p>You are ${userId}.</p>`;
    return {
      content: html`${who}
        ${field("Password", { name: "password", type: "password", autocomplete: "current-password" })}
        <p><button>Continue</button></p>`,
    };
  },
  submit({ session: { userId }, fields: { user = "", password = "" } }) {
    return { attempt: { identifier: { type: "m.id.user", user: userId ?? user }, password } };
  },
};

const registrationTokenFallback: FallbackStage = {
  title: "Enter your registration token",
  form: ({ fields: { token = "" } }) => ({
    content: html`<p>You need a token from the administrator of this server to register.</p>
      ${field("Token", { name: "token", value: token, maxlength: "64", autocomplete: "off" })}
      <p><button>Continue</button></p>`,
  }),
  submit: ({ fields: { token = "" } }) => ({ attempt: { token: token.trim() } }),
};

const dummyFallback: FallbackStage = {
  title: "Continue",
  form: () => ({
    content: html`<p>Nothing is asked of you here.</p>
      <p><button>Continue</button></p>`,
  }),
  submit: () => ({ attempt: {} }),
};
