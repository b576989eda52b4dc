/** The URL with its password hidden, for logs and messages. */
export function maskUrl(url: string): string {
  try {
    const masked = new URL(url);
    if (masked.password) masked.password = "***";
    for (const name of ["password", "sslpassword"])
      if (masked.searchParams.has(name)) masked.searchParams.set(name, "***");
    return masked.href;
  } catch {
    return "(not a URL)";
  }
}
