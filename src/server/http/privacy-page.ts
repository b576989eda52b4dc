import type { FastifyInstance } from "fastify";
import { AppError } from "#protocol/errors.ts";
import { privacyStatement, type Statement } from "#protocol/privacy-statement.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { findWebsiteByKey, type WebsiteRow } from "#server/features/websites/feature.ts";

/** `/privacy/:publicKey`: what the website's chat keeps and for how long. For anybody, without a script. */
export function privacyPage(app: FastifyInstance, ctx: Ctx): void {
  app.get<{ Params: { publicKey: string } }>(
    "/privacy/:publicKey",
    { schema: { hide: true } },
    async (request, reply) => {
      const website = await findWebsiteByKey(ctx.directory, request.params.publicKey.slice(0, 100));
      if (!website) throw new AppError("not_found", "There is no website with this key.");
      return reply
        .headers({ "content-security-policy": policy, "cache-control": "public, max-age=300" })
        .type("text/html; charset=utf-8")
        .send(pageOf(website));
    },
  );
}

const style = `
  :root { color-scheme: light dark; --text: light-dark(#1a1b1e, #e9ecef); --muted: light-dark(#5c5f66, #a6a9b0) }
  body { font: 16px/1.6 system-ui, sans-serif; color: var(--text); background: light-dark(#fff, #1a1b1e);
    max-width: 40rem; margin: 0 auto; padding: 2rem 1.25rem; overflow-wrap: anywhere }
  h1 { font-size: 1.5rem; line-height: 1.3; margin: 0 0 1rem } h2 { font-size: 1.125rem; margin: 2rem 0 .5rem }
  ul { margin: 0; padding-inline-start: 1.25rem } li { margin: .25rem 0 } a { color: inherit }
  .notice { white-space: pre-line } footer { margin-top: 2rem; color: var(--muted); font-size: .875rem }`;

/** A page has no way to do anything: it is text, and its one style. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);

function pageOf({ name, settings }: WebsiteRow): string {
  const { privacyNotice, privacyLink } = settings;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>What the chat of ${escapeHtml(name)} keeps</title>
<style>${style}</style>
<main>
<h1>What the chat of <bdi>${escapeHtml(name)}</bdi> keeps, and for how long</h1>
${privacyNotice ? `<p class="notice" dir="auto">${escapeHtml(privacyNotice)}</p>` : ""}
${privacyLink ? `<p><a href="${escapeHtml(privacyLink)}" rel="noopener noreferrer">Privacy policy</a></p>` : ""}
${listOf(privacyStatement(settings))}
</main>
<footer>This page is made from the settings of the chat.</footer>
</html>
`;
}

const listOf = (statement: Statement) =>
  statement
    .map(({ heading, lines }) => {
      const items = lines.map(line => `<li>${escapeHtml(line)}</li>`).join("\n");
      return `<section>\n<h2>${escapeHtml(heading)}</h2>\n<ul>\n${items}\n</ul>\n</section>`;
    })
    .join("\n");
