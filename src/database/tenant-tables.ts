import type { DB } from "./tables.ts";

/**
 * What the product may do with each table and each column, decided once. Export, erasure, purge, moving a website to
 * another database and the removal of a website read it here. tenant-tables.test.ts compares it with the schema: a new
 * table or column fails until it is added here.
 */
type TenantTable<Column> = {
  /**
   * the subject that a row belongs to and is removed with; directory: accounts, and where each website is; database: the
   * database itself, whatever websites are in it
   */
  of: "website" | "visitor" | "conversation" | "directory" | "database";
  /** The database that holds the rows, if a website has its own. Default: the website's, or the directory's by `of`. */
  home?: "both";
  /** the primary key, in its order; a website's tables begin with website_id, by which they are distributed */
  key: readonly Column[];
  /** columns about a person, or written by one: never in logs, and cleared or deleted by an erasure */
  personal: readonly Column[];
  /** columns that give access: never in logs, exports or answers */
  secret?: readonly Column[];
  /** all other columns */
  plain: readonly Column[];
  /** what the erasure of a visitor does with the rows: delete them, clear their personal columns, or keep them */
  erase: "delete" | "clear" | "keep";
  /** true: the rows about a visitor are in the file that the visitor may ask for */
  export: boolean;
  /** rows are never changed and stay after their website is deleted */
  isAppendOnly?: true;
  /** rows stay after their website is deleted */
  outlivesWebsite?: true;
};

/** Parents come before the tables that refer to them. */
export const tenantTables = {
  websites: {
    of: "directory",
    key: ["id"],
    personal: ["deletion_reason"],
    secret: ["identity_secret"],
    plain: ["name", "public_key", "allowed_origins", "settings", "created_at", "deleted_at", "deleted_by"],
    erase: "keep",
    export: false,
  },
  privacy_notices: {
    of: "directory",
    key: ["website_id", "id"],
    personal: [],
    plain: ["body", "link", "created_at"],
    erase: "keep",
    export: false,
  },
  users: {
    of: "directory",
    key: ["id"],
    personal: ["name", "email", "image"],
    plain: ["email_verified", "created_at", "updated_at"],
    erase: "keep",
    export: false,
  },
  sessions: {
    of: "directory",
    key: ["id"],
    personal: ["ip_address", "user_agent"],
    secret: ["token"],
    plain: ["user_id", "expires_at", "created_at", "updated_at"],
    erase: "keep",
    export: false,
  },
  accounts: {
    of: "directory",
    key: ["id"],
    personal: ["account_id"],
    secret: ["access_token", "refresh_token", "id_token", "password"],
    plain: [
      "user_id",
      "provider_id",
      "scope",
      "access_token_expires_at",
      "refresh_token_expires_at",
      "created_at",
      "updated_at",
    ],
    erase: "keep",
    export: false,
  },
  verifications: {
    of: "directory",
    key: ["id"],
    personal: ["identifier"],
    secret: ["value"],
    plain: ["expires_at", "created_at", "updated_at"],
    erase: "keep",
    export: false,
  },
  // The directory reads "which websites may this user see", a website reads its own agents: both hold the rows.
  memberships: {
    of: "website",
    home: "both",
    key: ["website_id", "user_id"],
    personal: ["name"],
    plain: ["role", "created_at", "removed_at"],
    erase: "keep",
    export: false,
  },
  invitations: {
    of: "directory",
    key: ["website_id", "id"],
    personal: ["note"],
    secret: ["token_hash"],
    plain: ["role", "invited_by", "created_at", "expires_at"],
    erase: "keep",
    export: false,
  },
  visitors: {
    of: "visitor",
    key: ["website_id", "id"],
    personal: [
      "external_id",
      "deleted_external_id",
      "name",
      "email",
      "attributes",
      "page_url",
      "page_title",
      "user_agent",
      "language",
      "deletion_reason",
    ],
    plain: [
      "first_seen_at",
      "last_seen_at",
      "deleted_at",
      "deleted_by",
      "replaced_at",
      "notice_id",
      "notice_accepted_at",
      "restricted_at",
      "email_left_at",
    ],
    erase: "delete",
    export: true,
  },
  visitor_search: {
    of: "visitor",
    key: ["website_id", "visitor_id"],
    personal: ["words"],
    plain: [],
    erase: "delete",
    export: false,
  },
  tags: {
    of: "website",
    key: ["website_id", "id"],
    personal: [],
    plain: ["name", "colour", "created_at"],
    erase: "keep",
    export: false,
  },
  canned_replies: {
    of: "website",
    key: ["website_id", "id"],
    personal: [],
    plain: ["owner_id", "shortcut", "body", "created_at"],
    erase: "keep",
    export: false,
  },
  conversations: {
    of: "visitor",
    key: ["website_id", "id"],
    personal: ["preview", "deletion_reason"],
    plain: [
      "visitor_id",
      "status",
      "assignee_id",
      "tag_ids",
      "version",
      "last_seq",
      "last_public_seq",
      "preview_author",
      "last_message_at",
      "last_message_bucket",
      "waiting_since",
      "agent_read_seq",
      "visitor_read_seq",
      "agent_unread",
      "may_have_unread",
      "visitor_unread",
      "first_reply_at",
      "rating",
      "changed_version",
      "changed_at",
      "continues_id",
      "is_restricted",
      "mailed_seq",
      "created_at",
      "deleted_at",
      "deleted_by",
      "deleted_with_visitor",
    ],
    erase: "delete",
    export: true,
  },
  conversation_tags: {
    of: "conversation",
    key: ["website_id", "conversation_id", "tag_id"],
    personal: [],
    plain: ["created_at"],
    erase: "delete",
    export: true,
  },
  // Made of the messages. Before them in this list: a website that goes loses its messages first, then what is made of them.
  message_search: {
    of: "conversation",
    key: ["website_id", "conversation_id", "seq"],
    personal: ["words"],
    plain: ["created_at"],
    erase: "delete",
    export: false,
  },
  messages: {
    of: "conversation",
    key: ["website_id", "conversation_id", "seq"],
    personal: ["body", "details"],
    plain: ["author", "kind", "id", "author_id", "created_at", "edited_at", "deleted_at", "changed_version"],
    erase: "delete",
    export: true,
  },
  operators: {
    of: "directory",
    key: ["user_id"],
    personal: [],
    plain: ["granted_at"],
    erase: "keep",
    export: false,
  },
  restores: {
    of: "directory",
    key: ["id"],
    personal: [],
    plain: ["backup_id", "restored_at", "target_time"],
    erase: "keep",
    export: false,
  },
  // The ledger: what a restored backup must not bring back, of websites that are gone too.
  erasures: {
    of: "website",
    key: ["website_id", "visitor_id"],
    personal: [],
    plain: ["conversation_ids", "requested_at", "undone_at", "erased_at", "removed", "is_stored"],
    erase: "keep",
    export: false,
    outlivesWebsite: true,
  },
  // As messages: its old months.
  messages_archive: {
    of: "conversation",
    key: ["website_id", "conversation_id", "seq"],
    personal: ["body", "details"],
    plain: ["author", "kind", "id", "author_id", "created_at", "edited_at", "deleted_at", "changed_version"],
    erase: "delete",
    export: true,
  },
  message_months: {
    of: "database",
    key: ["month"],
    personal: [],
    plain: [
      "from_id",
      "until_id",
      "state",
      "archived_at",
      "exported_at",
      "detached_at",
      "dropped_at",
      "conversations",
      "messages",
      "export_key",
      "is_changed",
      "next_step",
      "next_at",
      "waits_for",
    ],
    erase: "keep",
    export: false,
  },
  // Ids only, for seconds.
  search_queue: {
    of: "database",
    key: ["id"],
    personal: [],
    plain: ["website_ids", "ids", "seqs", "queued_at"],
    erase: "keep",
    export: false,
  },
  search_months: {
    of: "database",
    key: ["month"],
    personal: [],
    plain: ["website_id", "conversation_id", "seq", "messages", "finished_at"],
    erase: "keep",
    export: false,
  },
  search_visitors: {
    of: "database",
    key: ["id"],
    personal: [],
    plain: ["website_id", "visitor_id", "finished_at"],
    erase: "keep",
    export: false,
  },
  search_check: {
    of: "database",
    key: ["id"],
    personal: [],
    plain: ["checked_at"],
    erase: "keep",
    export: false,
  },
  backup_heartbeat: {
    of: "directory",
    key: ["id"],
    personal: [],
    plain: ["beat_at", "recovery_point_at", "problem", "kept_bytes", "max_kept_bytes"],
    erase: "keep",
    export: false,
  },
  backup_runs: {
    of: "directory",
    key: ["id"],
    personal: [],
    plain: [
      "repository",
      "kind",
      "reason",
      "requested_by",
      "started_at",
      "progress_at",
      "done_bytes",
      "total_bytes",
      "finished_at",
      "outcome",
      "detail",
      "backup_id",
    ],
    erase: "keep",
    export: false,
  },
  website_sizes: {
    of: "website",
    key: ["website_id"],
    personal: [],
    plain: ["measured_at", "messages", "bytes", "last_month_bytes"],
    erase: "keep",
    export: false,
  },
  retention_runs: {
    of: "website",
    key: ["website_id", "day"],
    personal: [],
    plain: ["ran_at", "archive_after_days", "delete_after_days"],
    erase: "keep",
    export: false,
  },
  holds: {
    of: "website",
    key: ["website_id", "target_id"],
    personal: ["reason"],
    plain: ["target_kind", "placed_by", "placed_at"],
    erase: "keep",
    export: false,
  },
  // The files expire within 7 days: before an erasure, which is 30 days after the deletion.
  exports: {
    of: "website",
    key: ["website_id", "id"],
    personal: [],
    plain: [
      "scope",
      "format",
      "state",
      "rows",
      "size_bytes",
      "sha256",
      "problem",
      "requested_by",
      "created_at",
      "updated_at",
      "expires_at",
    ],
    erase: "keep",
    export: false,
  },
  // Website 0 is the installation itself. Entries are kept for AUDIT_DAYS, also after an erasure.
  audit_log: {
    of: "website",
    key: ["website_id", "id"],
    personal: ["actor_name", "target_name", "details", "ip", "user_agent"],
    plain: ["at", "actor_kind", "actor_id", "action", "target_kind", "target_id"],
    erase: "keep",
    export: false,
    isAppendOnly: true,
  },
  // About the installation: figures of PostgreSQL and of the server, nothing of a website.
  health_reports: {
    of: "directory",
    key: ["id"],
    personal: [],
    plain: ["report", "queries", "collected_at"],
    erase: "keep",
    export: false,
  },
  health_history: {
    of: "directory",
    key: ["period", "at"],
    personal: [],
    plain: ["figures", "counters"],
    erase: "keep",
    export: false,
  },
  health_servers: {
    of: "database",
    key: ["id"],
    personal: [],
    plain: ["host", "report", "collected_at"],
    erase: "keep",
    export: false,
  },
  alert_rounds: { of: "database", key: ["id"], personal: [], plain: ["judged_at"], erase: "keep", export: false },
  alert_states: {
    of: "database",
    key: ["check_id"],
    personal: [],
    plain: ["bad_runs", "error_runs", "good_runs", "bad_since", "changed_at", "changed_before"],
    erase: "keep",
    export: false,
  },
  alerts: {
    of: "database",
    key: ["id"],
    personal: ["acknowledged_by_name"],
    plain: [
      "check_id",
      "level",
      "told_level",
      "found",
      "host",
      "since",
      "opened_at",
      "cleared_at",
      "acknowledged_at",
      "acknowledged_by",
    ],
    erase: "keep",
    export: false,
  },
  alert_silences: {
    of: "database",
    key: ["id"],
    personal: ["reason", "created_by_name"],
    plain: ["check_id", "until", "created_at", "created_by"],
    erase: "keep",
    export: false,
  },
  alert_channels: {
    of: "database",
    key: ["id"],
    personal: [],
    // An e-mail address, or a URL whose path lets anybody write there.
    secret: ["target", "secret"],
    plain: ["kind", "min_level", "created_at", "created_by"],
    erase: "keep",
    export: false,
  },
  alert_deliveries: {
    of: "database",
    key: ["id"],
    personal: [],
    plain: [
      "channel_id",
      "alert_id",
      "notice",
      "created_at",
      "next_try_at",
      "attempts",
      "delivered_at",
      "given_up_at",
      "problem",
    ],
    erase: "keep",
    export: false,
  },
} as const satisfies { [Table in keyof DB]: TenantTable<keyof DB[Table]> };

const entries = Object.entries<TenantTable<string>>(tenantTables);

/** The tables whose rows are deleted with their website, in an order that no foreign key forbids. */
export const websiteTables = entries
  .filter(([, { of }]) => of !== "directory" && of !== "database")
  .filter(([, { isAppendOnly, outlivesWebsite }]) => !isAppendOnly && !outlivesWebsite)
  .map(([name]) => name)
  .reverse();
