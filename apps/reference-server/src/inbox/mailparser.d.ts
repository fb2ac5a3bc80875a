/** The part of mailparser that the catcher uses; the package ships no types. */
declare module "mailparser" {
  export interface ParsedMail {
    readonly from?: { readonly text: string };
    readonly subject?: string;
    readonly text?: string;
    readonly html: string | false;
  }

  export function simpleParser(
    source: Uint8Array,
    options: { readonly skipTextToHtml: boolean; readonly skipImageLinks: boolean },
  ): Promise<ParsedMail>;
}
