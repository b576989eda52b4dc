import { connectionOptions } from "#database/connection/options.ts";
import { type Certificate, readCertificate, readPostgresCertificate } from "#platform/certificate.ts";
import { type Check, type Finding, inTime, ok, unknown } from "./check.ts";

const day = 86_400;
/** Let's Encrypt's certificates are renewed 30 days before they end: with less than 14 days the renewal has failed. */
const warnSeconds = 14 * day;
const errorSeconds = 3 * day;

/** Of a certificate for a few days, less than a quarter of its time is little. */
const limitOf = (seconds: number, { validFrom, validTo }: Certificate) =>
  Math.min(seconds, (validTo.getTime() - validFrom.getTime()) / 4000);

export type Words = { of: string; whatBreaks: string; renew: string };

export function judgeCertificate(certificate: Certificate, now: Date, { of, whatBreaks, renew }: Words): Finding {
  const left = (certificate.validTo.getTime() - now.getTime()) / 1000;
  const value = Math.floor(left / day);
  if (left <= 0)
    return {
      level: "error",
      value,
      why: `The certificate of ${of} ended ${inTime(-left)} ago: ${whatBreaks}.`,
      fix: renew,
    };
  const why = `The certificate of ${of} ends in ${inTime(left)}, on ${certificate.validTo.toISOString().slice(0, 10)}.`;
  if (left > limitOf(warnSeconds, certificate)) return ok(why, { value });
  const level = left > limitOf(errorSeconds, certificate) ? "warn" : "error";
  return { level, value, why: `${why} Then ${whatBreaks}.`, fix: renew };
}

const portOf = ({ port }: URL) => Number(port || 443);
const hostOf = ({ hostname }: URL) => hostname.replace(/^\[(.*)\]$/, "$1");

export const certificateChecks: Check[] = [
  {
    ...{ id: "certificate", title: "Certificate of the address", about: "server", unit: "days" },
    healthy: "14 days or more, and signed by an authority that browsers know",
    metric: "prochat_certificate_left_seconds",
    async look({ config, now }) {
      if (!config.publicUrl?.startsWith("https:")) return null;
      const url = new URL(config.publicUrl);
      let certificate: Certificate;
      try {
        certificate = await readCertificate({ host: hostOf(url), port: portOf(url) });
      } catch (error) {
        const why = `${url.host} could not be reached from this machine: ${(error as Error).message}.`;
        return unknown(why, "If people reach it, watch the certificate from elsewhere.");
      }
      const found = judgeCertificate(certificate, now, {
        of: url.host,
        whatBreaks: "browsers refuse the widget and the dashboard",
        renew:
          "Renew it where HTTPS ends, in the proxy: caddy reload, or certbot renew. Look into its log why that did not happen.",
      });
      if (found.level === "error" || certificate.problem === null) return found;
      return {
        level: "warn",
        value: found.value ?? null,
        why: `Browsers may refuse the certificate of ${url.host}: ${certificate.problem}.`,
        fix: "Get one from an authority that browsers know, such as Let's Encrypt, with all of its intermediate certificates.",
      };
    },
  },
  {
    ...{ id: "database-certificate", title: "Certificate of PostgreSQL", about: "server", unit: "days" },
    healthy: "14 days or more",
    metric: "prochat_database_certificate_left_seconds",
    async look({ config, now }) {
      if (config.databaseUrl === null) return null;
      const { host, port, ssl } = connectionOptions(config.databaseUrl, { connectTimeoutMs: 0 });
      if (!host || host.startsWith("/")) return null;
      let certificate: Certificate | null;
      try {
        certificate = await readPostgresCertificate({ host, port: port! });
      } catch (error) {
        return unknown(`The certificate of PostgreSQL could not be read: ${(error as Error).message}.`);
      }
      if (!certificate) return null; // database-encryption says so
      return judgeCertificate(certificate, now, {
        of: "PostgreSQL",
        whatBreaks: isVerified(ssl) ? "the server cannot connect any more" : "clients that verify it are refused",
        renew:
          "Put a new one where PostgreSQL's setting ssl_cert_file says, then as a superuser: select pg_reload_conf();",
      });
    },
  },
];

const isVerified = (ssl: unknown) =>
  typeof ssl === "object" && ssl !== null && "rejectUnauthorized" in ssl && ssl.rejectUnauthorized === true;
