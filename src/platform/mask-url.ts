/** The URL with its password hidden, for people to read. */
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
