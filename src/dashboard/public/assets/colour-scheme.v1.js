// Before the first paint, or the page would flash. Assets are cached for ever: a change here takes a new file name.
{
  const chosen = localStorage.getItem("prochat:colour-scheme");
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
}
