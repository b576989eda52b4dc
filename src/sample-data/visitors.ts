import type pg from "pg";
import { copyRows, orNull } from "./binary-copy.ts";
import type { Visitor } from "./plan.ts";
import type { Random } from "./random.ts";

const noAttributes = Buffer.from("\x01{}"); // jsonb: a version, 1, and the text
const firstNames =
  "Alice Ben Clara David Emma Finn Grace Henry Iris Jack Kira Liam Mia Noah Olivia Paul Ruth Sam".split(" ");
const lastNames = "Adams Baker Clark Davis Evans Foster Gray Hill Irving Jones King Lopez Moore Nash Owen Price".split(
  " ",
);
const pages = ["", "pricing", "contact", "products/1042", "products/77", "cart", "help/delivery"];
const languages = ["en", "en-GB", "de", "fr", "es", "pt-BR"];
const userAgents = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
];
const visitorShares = { named: 0.55, loggedIn: 0.35 };

/** Some visitors have a name; some of these are logged in to the website and have an id there. */
export async function copyVisitors(client: pg.ClientBase, visitors: Visitor[], random: Random): Promise<void> {
  const columns =
    "website_id, id, external_id, name, email, attributes, page_url, page_title, user_agent, language, first_seen_at, " +
    "last_seen_at";
  let written = 0;
  await copyRows(client, { table: "visitors", columns: columns.split(", ") }, row => {
    const visitor = visitors[written++];
    if (!visitor) return false;
    const named = random.chance(visitorShares.named);
    const [first, last] = [random.pick(firstNames), random.pick(lastNames)];
    const page = random.pick(pages);
    row.int32(visitor.website.id);
    row.bytes(visitor.id);
    orNull(row, row.text, named && random.chance(visitorShares.loggedIn) ? `customer-${visitor.nth}` : null);
    orNull(row, row.text, named ? `${first} ${last}` : null);
    orNull(row, row.text, named ? `${first}.${last}.${visitor.nth}@visitors.example`.toLowerCase() : null);
    row.bytes(noAttributes);
    row.text(`${visitor.website.origin}/${page}`);
    row.text(page || "Home");
    row.text(random.pick(userAgents));
    row.text(random.pick(languages));
    row.moment(visitor.firstSeenMs);
    row.moment(visitor.lastSeenMs);
    return true;
  });
}
