import { type CSSVariablesResolver, createTheme, localStorageColorSchemeManager } from "@mantine/core";

/** The same key as in public/assets/colour-scheme.v1.js. */
export const colourSchemeManager = localStorageColorSchemeManager({ key: "prochat:colour-scheme" });

/** Four sizes, two weights, a 4 px grid, one accent. */
export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: { light: 6, dark: 6 },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif",
  fontSizes: { xs: "12px", sm: "14px", md: "16px", lg: "16px", xl: "20px" },
  lineHeights: { xs: "16px", sm: "20px", md: "24px", lg: "24px", xl: "28px" },
  fontWeights: { regular: "400", medium: "600", bold: "600" },
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "20px", lineHeight: "28px" },
      h2: { fontSize: "16px", lineHeight: "24px" },
      h3: { fontSize: "14px", lineHeight: "20px" },
    },
  },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "24px", xl: "32px" },
  radius: { xs: "2px", sm: "4px", md: "8px", lg: "12px", xl: "16px" },
  black: "#1c2026",
  components: {
    Text: { defaultProps: { size: "sm" } },
    Anchor: { defaultProps: { size: "sm" } },
    Notification: { defaultProps: { withBorder: true, closeButtonProps: { "aria-label": "Dismiss" } } },
    Modal: { defaultProps: { closeButtonProps: { "aria-label": "Close" } } },
    Drawer: { defaultProps: { closeButtonProps: { "aria-label": "Close" } } },
    // Its first entry gets the focus, not an element without a role between the entries.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    // Nearly every field is required, and a red asterisk would look like an error.
    InputWrapper: { defaultProps: { withAsterisk: false } },
  },
  colors: {
    accent: [
      "#eef2fd",
      "#dbe3fa",
      "#b8c7f4",
      "#91a8ed",
      "#7f99ea",
      "#5273de",
      "#3457d5",
      "#2a48b8",
      "#223a96",
      "#1a2d75",
    ],
    dark: [
      "#dfe2e7",
      "#b9bec7",
      "#9ea5b1",
      "#878e9a",
      "#434851",
      "#343941",
      "#292d34",
      "#1b1d22",
      "#15171b",
      "#101215",
    ],
  },
});

/** Mantine's own greys and reds stay below 4.5 : 1 for text; these do not. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#59616c",
    "--mantine-color-placeholder": "#69717c",
    "--mantine-color-error": "#c92a2a",
    "--mantine-color-default-border": "#ccd1d8",
    "--mantine-color-disabled-color": "#69717c",
  },
  dark: {
    "--mantine-color-dimmed": "#9ea5b1",
    "--mantine-color-placeholder": "#8f96a2",
    "--mantine-color-error": "#ff8787",
    "--mantine-color-disabled-color": "#9097a3",
  },
});
