/** @jsxImportSource #widget/dom */

const paths = {
  close: "M6 6l12 12M18 6l-12 12",
  send: "M12 19V5M5.5 11.5 12 5l6.5 6.5",
  pending: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4l3 2",
  sent: "M5 13l4.5 4.5L19 8",
  read: "M2 13l4.5 4.5L16 8M11.5 16.5l1 1L22 8",
};

/** A line drawing of 24 × 24. Its meaning is its label, or stands next to it in words. */
export const Icon = ({ name, label }: { name: keyof typeof paths; label?: string }) => (
  <svg viewBox="0 0 24 24" role="img" aria-hidden={!label} aria-label={label}>
    <path d={paths[name]} />
  </svg>
);
