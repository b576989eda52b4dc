/** The first match counts: most browsers also name the browsers that they come from. */
const browsers: [RegExp, string][] = [
  [/Edg(?:e|A|iOS)?\/(\d+)/, "Edge"],
  [/OPR\/(\d+)/, "Opera"],
  [/SamsungBrowser\/(\d+)/, "Samsung Internet"],
  [/(?:Firefox|FxiOS)\/(\d+)/, "Firefox"],
  [/(?:Chrome|CriOS|Chromium)\/(\d+)/, "Chrome"],
  [/Version\/(\d+)[\d.]* (?:Mobile\/\S+ )?Safari/, "Safari"],
];

const systems: [RegExp, string][] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/CrOS/, "ChromeOS"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/Linux/, "Linux"],
];

/** "Firefox 140 on Windows", or the part of it that the user agent names; null if it names neither. */
export function browserOf(userAgent: string): string | null {
  const [pattern, name] = browsers.find(([test]) => test.test(userAgent)) ?? [null, null];
  const browser = pattern && `${name} ${pattern.exec(userAgent)![1]}`;
  const system = systems.find(([test]) => test.test(userAgent))?.[1] ?? null;
  return browser && system ? `${browser} on ${system}` : (browser ?? system);
}
