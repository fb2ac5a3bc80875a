// Rules about how files are shown: https://spec.matrix.org/v1.19/client-server-api/#thumbnails

import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { isObject, member, stringMember } from "../json.ts";
import { fail, pass, skip } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { speaks } from "../versions.ts";
import { aliceOf, needed, serverOf } from "./client.ts";
import type { Size } from "./images.ts";
import { pngOf, sizeOf } from "./images.ts";
import { authenticated, fileOf, upload } from "./media.ts";

export const thumbnailsAreLargeEnough: Rule = {
  id: "cs-118",
  title: "A thumbnail is never smaller than what was asked for",
  level: "must",
  specUrl: clientServerSpec("thumbnails"),
  reason: "The client would have to blow it up, and shows a blur.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    for (const [method, wanted] of [
      ["scale", { width: 96, height: 60 }],
      ["crop", { width: 64, height: 64 }],
    ] as const) {
      const { answer, size } = await thumbnailOf(context, { width: 400, height: 200 }, wanted, method);
      if (size === null) return skip(unreadable(answer));
      // To scale is to keep the proportions: the sides fit into what was asked for, and one of them fills it.
      const isSmall =
        method === "crop"
          ? size.width < wanted.width || size.height < wanted.height
          : size.width < wanted.width && size.height < wanted.height;
      if (isSmall)
        return fail(answer, `${method}: ${wanted.width} × ${wanted.height} at least`, `${size.width} × ${size.height}`);
    }
    return pass();
  },
};

export const thumbnailsAreNotBlownUp: Rule = {
  id: "cs-119",
  title: "A thumbnail is never larger than the image itself",
  level: "must",
  specUrl: clientServerSpec("thumbnails"),
  reason: "It would take more bytes to show less.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const image = { width: 40, height: 20 };
    const { answer, size } = await thumbnailOf(context, image, { width: 320, height: 240 }, "scale");
    if (size === null) return skip(unreadable(answer));
    return size.width <= image.width && size.height <= image.height
      ? pass()
      : fail(answer, "40 × 20 at most, the size of the image", `${size.width} × ${size.height}`);
  },
};

function unreadable({ headers }: Exchange): string {
  return `the size of the thumbnail, of type ${headers.get("content-type") ?? "none"}, cannot be read here`;
}

async function thumbnailOf(context: Context, image: Size, wanted: Size, method: string) {
  const alice = await aliceOf(context);
  const file = await upload(alice, pngOf(image.width, image.height), "image/png");
  const query = { width: String(wanted.width), height: String(wanted.height), method };
  const answer = await needed(alice.get(`${authenticated}/thumbnail/${file}`, query));
  return { answer, size: sizeOf(answer.bytes) };
}

export const filesKeepTheirNames: Rule = {
  id: "cs-120",
  title: "A file is inline or an attachment, with the name it was uploaded with or asked for by",
  level: "must",
  specUrl: clientServerSpec("get_matrixclientv1mediadownloadservernamemediaid"),
  reason: "It is the name under which it is saved (since v1.12).",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    if (!speaks(context.versions, 12)) return skip("the server does not speak v1.12");
    const alice = await aliceOf(context);
    const file = await upload(alice, new TextEncoder().encode("minutes"), "text/plain", "minutes.txt");
    for (const [url, name] of [
      [`${authenticated}/download/${file}`, "minutes.txt"],
      [`${authenticated}/download/${file}/another.txt`, "another.txt"],
    ] as const) {
      const answer = await needed(alice.get(url));
      const disposition = answer.headers.get("content-disposition") ?? "none";
      if (!/^(inline|attachment)\b/i.test(disposition) || !disposition.includes(name))
        return fail(answer, `\`Content-Disposition\`: inline or attachment, with ${name}`, disposition);
    }
    return pass();
  },
};

export const filesMayBeEmbedded: Rule = {
  id: "cs-121",
  title: "Files come with `Cross-Origin-Resource-Policy: cross-origin`",
  level: "should",
  specUrl: clientServerSpec("content-repository"),
  reason: "Web clients that isolate themselves from other origins could not show them otherwise.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const file = await upload(alice, new TextEncoder().encode("seen"), "text/plain");
    const answer = await needed(alice.get(`${authenticated}/download/${file}`));
    const policy = answer.headers.get("cross-origin-resource-policy") ?? "none";
    return policy === "cross-origin" ? pass() : fail(answer, "cross-origin", policy);
  },
};

export const mediaIdsAreNoPaths: Rule = {
  id: "cs-122",
  title: "A media ID of other characters than its grammar has finds nothing",
  level: "must",
  specUrl: clientServerSpec("content-repo-security-considerations"),
  reason: "Taken for a path, `..` leads out of the folder of the files to those of the server.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    for (const id of ["..%2F..%2Fetc%2Fpasswd", "a%00b"]) {
      const answer = await alice.get(`${authenticated}/download/${serverOf(alice)}/${id}`);
      if (answer.status < 400 || answer.status >= 500) return fail(answer, "400 or 404 for what is no media ID");
    }
    return pass();
  },
};

export const previewsKeepPicturesHere: Rule = {
  id: "cs-123",
  title: "A preview of a page tells about it, and its picture is a file of the homeserver",
  level: "must",
  specUrl: clientServerSpec("get_matrixclientv1mediapreview_url"),
  reason: "Who looks at a preview is not to be seen by the page.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { previewUrl } = context.options;
    if (previewUrl === undefined) return skip("needs a page to preview (--preview-url)");
    const alice = await aliceOf(context);
    const answer = await needed(alice.get(`${authenticated}/preview_url`, { url: previewUrl }));
    if (!isObject(answer.json) || Object.keys(answer.json).length === 0)
      return fail(answer, "something about the page, such as its `og:title`");
    const picture = stringMember(answer.json, "og:image");
    if (picture === undefined) return pass("the page has no picture");
    if (!picture.startsWith("mxc://")) return fail(answer, "`og:image` as an mxc:// URI", picture);
    const size = member(answer.json, "matrix:image:size");
    const file = await needed(alice.get(`${authenticated}/download/${fileOf(picture)}`));
    return size === undefined || size === file.bytes.length
      ? pass()
      : fail(answer, `\`matrix:image:size\` ${file.bytes.length}, as many bytes as the file has`);
  },
};

export const previewsAreOfPages: Rule = {
  id: "cs-124",
  title: "No preview is made of what is no page of the web",
  level: "security",
  specUrl: clientServerSpec("get_matrixclientv1mediapreview_url"),
  reason: "`file:` leads to the files of the server, and other schemes to its neighbours.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    let last: Exchange | null = null;
    for (const url of ["file:///etc/hostname", "ftp://127.0.0.1/", "gopher://127.0.0.1:25/"]) {
      last = await alice.get(`${authenticated}/preview_url`, { url });
      if (last.status === 200 && isObject(last.json) && Object.keys(last.json).length > 0)
        return fail(last, `a refusal of ${url}`);
    }
    return last?.status === 404 ? pass("the server makes no previews, or says no more than 404") : pass();
  },
};
