import type { ExportFormat } from "#protocol/exports.ts";

/** JSON is large and is compressed; a spreadsheet opens CSV as it is, and Parquet is compressed in itself. */
export const isGzipped = (format: ExportFormat): boolean => format === "json" || format === "ndjson";

type Named = { websiteId: number; id: string; format: ExportFormat };

const ending = (format: ExportFormat) => (isGzipped(format) ? `${format}.gz` : format);

/** Where an export is in the storage. */
export const keyOf = ({ websiteId, id, format }: Named): string => `exports/${websiteId}/${id}.${ending(format)}`;

/** The name of a downloaded file: what a person would call it, without a name of a visitor. */
export const fileNameOf = ({ websiteId, id, format }: Named): string =>
  `website-${websiteId}-export-${id.slice(-6)}.${ending(format)}`;

/** Not application/octet-stream: the server would take a compressed file for a compressed answer. */
export const contentTypeOf = (format: ExportFormat): string => {
  if (isGzipped(format)) return "application/gzip";
  return format === "csv" ? "text/csv; charset=utf-8" : "application/vnd.apache.parquet";
};
