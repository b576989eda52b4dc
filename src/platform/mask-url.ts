const secretParams = ["password", "sslpassword"];

/** The URL with its password hidden, for logs and messages; also of a text that is no valid URL. */
export function maskUrl(text: string): string {
  if (!URL.canParse(text)) return maskText(text);
  const url = new URL(text);
  const rest = url.pathname + url.search + url.hash;
  // An unescaped / ? or # in a password makes its end look like a path.
  if (!url.host || rest.includes("@")) return maskText(text);
  const secrets = secretParams.filter(name => url.searchParams.has(name));
  if (!url.password && secrets.length === 0) return text;
  if (url.password) url.password = "***";
  for (const name of secrets) url.searchParams.set(name, "***");
  return url.href;
}

/** Hides rather too much: all that may be a password by its place or its name. */
function maskText(text: string): string {
  return text
    .replace(/^([a-z+]*:\/+)?([^:@/]*):(?!\/\/)(.*)@/is, (_, scheme = "", user) => `${scheme}${user}:***@`)
    .replace(/^([a-z+]*:\/+[^:@/?#]+):(?!\d{1,5}(?:[/?#,]|$))[^@]*$/i, "$1:***")
    .replace(/(password\s*=\s*)('[^']*'|[^\s&]+)/gi, "$1***");
}
