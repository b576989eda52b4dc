-- Up Migration

-- When the visitor typed the e-mail address into the chat, which proves nothing; null: the website signed it, an admin
-- corrected it, an import brought it, or there is none.
alter table visitors add column email_left_at timestamptz(3);

-- Down Migration

alter table visitors drop column email_left_at;
