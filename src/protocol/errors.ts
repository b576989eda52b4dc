/** Every error code, with its HTTP status. Start-up errors are never sent over HTTP: 500. */
export const errorStatus = {
  // sent to clients
  invalid_request: 400,
  invalid_frame: 400,
  invalid_cursor: 400,
  not_signed_in: 401,
  wrong_credentials: 401,
  session_expired: 401,
  wrong_code: 403,
  forbidden: 403,
  origin_not_allowed: 403,
  identity_invalid: 403,
  consent_required: 403,
  not_found: 404,
  method_not_allowed: 405,
  already_set_up: 409,
  restricted: 409,
  conflict: 409,
  too_late: 409,
  invitation_gone: 410,
  line_gone: 410,
  month_gone: 410,
  payload_too_large: 413,
  client_outdated: 426,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
  storage_unavailable: 503,
  overloaded: 503,
  // shown in the terminal
  config_invalid: 500,
  port_unavailable: 500,
  data_folder_unusable: 500,
  data_folder_in_use: 500,
  data_folder_other_version: 500,
  disk_full: 500,
  database_unreachable: 500,
  database_unsupported: 500,
  database_newer: 500,
  database_refused: 500,
  database_failed: 500,
  backup_damaged: 500,
  backup_failed: 500,
  lock_not_available: 500,
  interrupted: 500,
  not_built: 500,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/** The one error class. The message says what was wrong, with which value, and what to do. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: unknown;

  constructor(code: ErrorCode, message: string, options: { details?: unknown; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.details = options.details;
  }
}

/** An error on the wire, the same over HTTP and in a socket's reply. */
export type ErrorBody = {
  code: ErrorCode;
  message: string;
  details?: unknown;
  /** of a failure on the server's side: its log has the number, too */
  requestId?: string;
};
