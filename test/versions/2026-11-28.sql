

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE SCHEMA prochat_jobs;

CREATE TYPE prochat_jobs.job_spec AS (
	identifier text,
	payload json,
	queue_name text,
	run_at timestamp with time zone,
	max_attempts smallint,
	job_key text,
	priority smallint,
	flags text[]
);

CREATE TYPE public.audit_actor AS ENUM (
    'user',
    'visitor',
    'system',
    'unknown'
);

CREATE TYPE public.author_kind AS ENUM (
    'visitor',
    'agent',
    'system'
);

CREATE TYPE public.conversation_status AS ENUM (
    'open',
    'resolved'
);

CREATE TYPE public.member_role AS ENUM (
    'owner',
    'admin',
    'agent'
);

CREATE TYPE public.message_kind AS ENUM (
    'text',
    'file',
    'note',
    'event'
);

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE prochat_jobs._private_jobs (
    id bigint NOT NULL,
    job_queue_id integer,
    task_id integer NOT NULL,
    payload json DEFAULT '{}'::json NOT NULL,
    priority smallint DEFAULT 0 NOT NULL,
    run_at timestamp with time zone DEFAULT now() NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    max_attempts smallint DEFAULT 25 NOT NULL,
    last_error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    key text,
    locked_at timestamp with time zone,
    locked_by text,
    revision integer DEFAULT 0 NOT NULL,
    flags jsonb,
    is_available boolean GENERATED ALWAYS AS (((locked_at IS NULL) AND (attempts < max_attempts))) STORED NOT NULL,
    CONSTRAINT jobs_key_check CHECK (((length(key) > 0) AND (length(key) <= 512))),
    CONSTRAINT jobs_max_attempts_check CHECK ((max_attempts >= 1))
);

CREATE FUNCTION prochat_jobs.add_job(identifier text, payload json DEFAULT NULL::json, queue_name text DEFAULT NULL::text, run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, max_attempts integer DEFAULT NULL::integer, job_key text DEFAULT NULL::text, priority integer DEFAULT NULL::integer, flags text[] DEFAULT NULL::text[], job_key_mode text DEFAULT 'replace'::text) RETURNS prochat_jobs._private_jobs
    LANGUAGE plpgsql
    AS $$
declare
  v_job "prochat_jobs"._private_jobs;
begin
  if (job_key is null or job_key_mode is null or job_key_mode in ('replace', 'preserve_run_at')) then
    select * into v_job
    from "prochat_jobs".add_jobs(
      ARRAY[(
        identifier,
        payload,
        queue_name,
        run_at,
        max_attempts::smallint,
        job_key,
        priority::smallint,
        flags
      )::"prochat_jobs".job_spec],
      (job_key_mode = 'preserve_run_at')
    )
    limit 1;
    return v_job;
  elsif job_key_mode = 'unsafe_dedupe' then
    -- Ensure all the tasks exist (insert only missing identifiers so identity is not consumed)
    insert into "prochat_jobs"._private_tasks as tasks (identifier)
    select add_job.identifier
    where not exists (
      select 1
      from "prochat_jobs"._private_tasks as existing
      where existing.identifier = add_job.identifier
    )
    on conflict do nothing;
    -- Ensure all the queues exist
    if add_job.queue_name is not null then
      insert into "prochat_jobs"._private_job_queues as job_queues (queue_name)
      select add_job.queue_name
      where not exists (
        select 1
        from "prochat_jobs"._private_job_queues as existing
        where existing.queue_name = add_job.queue_name
      )
      on conflict do nothing;
    end if;
    -- Insert job, but if one already exists then do nothing, even if the
    -- existing job has already started (and thus represents an out-of-date
    -- world state). This is dangerous because it means that whatever state
    -- change triggered this add_job may not be acted upon (since it happened
    -- after the existing job started executing, but no further job is being
    -- scheduled), but it is useful in very rare circumstances for
    -- de-duplication. If in doubt, DO NOT USE THIS.
    insert into "prochat_jobs"._private_jobs as jobs (
      job_queue_id,
      task_id,
      payload,
      run_at,
      max_attempts,
      key,
      priority,
      flags
    )
      select
        job_queues.id,
        tasks.id,
        coalesce(add_job.payload, '{}'::json),
        coalesce(add_job.run_at, now()),
        coalesce(add_job.max_attempts::smallint, 25::smallint),
        add_job.job_key,
        coalesce(add_job.priority::smallint, 0::smallint),
        (
          select jsonb_object_agg(flag, true)
          from unnest(add_job.flags) as item(flag)
        )
      from "prochat_jobs"._private_tasks as tasks
      left join "prochat_jobs"._private_job_queues as job_queues
      on job_queues.queue_name = add_job.queue_name
      where tasks.identifier = add_job.identifier
    on conflict (key)
      -- Bump the updated_at so that there's something to return
      do update set
        revision = jobs.revision + 1,
        updated_at = now()
      returning *
      into v_job;
    if v_job.revision = 0 then
      perform pg_notify('jobs:insert', '{"r":' || random()::text || ',"count":1}');
    end if;
    return v_job;
  else
    raise exception 'Invalid job_key_mode value, expected ''replace'', ''preserve_run_at'' or ''unsafe_dedupe''.' using errcode = 'GWBKM';
  end if;
end;
$$;

CREATE FUNCTION prochat_jobs.add_jobs(specs prochat_jobs.job_spec[], job_key_preserve_run_at boolean DEFAULT false) RETURNS SETOF prochat_jobs._private_jobs
    LANGUAGE plpgsql
    AS $$
begin
  -- Ensure all the tasks exist (insert only missing identifiers so identity is not consumed)
  insert into "prochat_jobs"._private_tasks as tasks (identifier)
  select distinct spec.identifier
  from unnest(specs) spec
  where not exists (
    select 1
    from "prochat_jobs"._private_tasks as existing
    where existing.identifier = spec.identifier
  )
  on conflict do nothing;
  -- Ensure all the queues exist
  insert into "prochat_jobs"._private_job_queues as job_queues (queue_name)
  select distinct spec.queue_name
  from unnest(specs) spec
  where spec.queue_name is not null
  and not exists (
    select 1
    from "prochat_jobs"._private_job_queues as existing
    where existing.queue_name = spec.queue_name
  )
  on conflict do nothing;
  -- Ensure any locked jobs have their key cleared - in the case of locked
  -- existing job create a new job instead as it must have already started
  -- executing (i.e. it's world state is out of date, and the fact add_job
  -- has been called again implies there's new information that needs to be
  -- acted upon).
  update "prochat_jobs"._private_jobs as jobs
  set
    key = null,
    attempts = jobs.max_attempts,
    updated_at = now()
  from unnest(specs) spec
  where spec.job_key is not null
  and jobs.key = spec.job_key
  and is_available is not true;

  -- WARNING: this count is not 100% accurate; 'on conflict' clause will cause it to be an overestimate
  perform pg_notify('jobs:insert', '{"r":' || random()::text || ',"count":' || array_length(specs, 1)::text || '}');

  -- TODO: is there a risk that a conflict could occur depending on the
  -- isolation level?
  return query insert into "prochat_jobs"._private_jobs as jobs (
    job_queue_id,
    task_id,
    payload,
    run_at,
    max_attempts,
    key,
    priority,
    flags
  )
    select
      job_queues.id,
      tasks.id,
      coalesce(spec.payload, '{}'::json),
      coalesce(spec.run_at, now()),
      coalesce(spec.max_attempts, 25),
      spec.job_key,
      coalesce(spec.priority, 0),
      (
        select jsonb_object_agg(flag, true)
        from unnest(spec.flags) as item(flag)
      )
    from unnest(specs) spec
    inner join "prochat_jobs"._private_tasks as tasks
    on tasks.identifier = spec.identifier
    left join "prochat_jobs"._private_job_queues as job_queues
    on job_queues.queue_name = spec.queue_name
  on conflict (key) do update set
    job_queue_id = excluded.job_queue_id,
    task_id = excluded.task_id,
    payload =
      case
      when json_typeof(jobs.payload) = 'array' and json_typeof(excluded.payload) = 'array' then
        (jobs.payload::jsonb || excluded.payload::jsonb)::json
      else
        excluded.payload
      end,
    max_attempts = excluded.max_attempts,
    run_at = (case
      when job_key_preserve_run_at is true and jobs.attempts = 0 then jobs.run_at
      else excluded.run_at
    end),
    priority = excluded.priority,
    revision = jobs.revision + 1,
    flags = excluded.flags,
    -- always reset error/retry state
    attempts = 0,
    last_error = null,
    updated_at = now()
  where jobs.locked_at is null
  returning *;
end;
$$;

CREATE FUNCTION prochat_jobs.complete_jobs(job_ids bigint[]) RETURNS SETOF prochat_jobs._private_jobs
    LANGUAGE sql
    AS $$
  delete from "prochat_jobs"._private_jobs as jobs
    where id = any(job_ids)
    and (
      locked_at is null
    or
      locked_at < now() - interval '4 hours'
    )
    returning *;
$$;

CREATE FUNCTION prochat_jobs.force_unlock_workers(worker_ids text[]) RETURNS void
    LANGUAGE sql
    AS $$
update "prochat_jobs"._private_jobs as jobs
set locked_at = null, locked_by = null
where locked_by = any(worker_ids);
update "prochat_jobs"._private_job_queues as job_queues
set locked_at = null, locked_by = null
where locked_by = any(worker_ids);
$$;

CREATE FUNCTION prochat_jobs.permanently_fail_jobs(job_ids bigint[], error_message text DEFAULT NULL::text) RETURNS SETOF prochat_jobs._private_jobs
    LANGUAGE sql
    AS $$
  update "prochat_jobs"._private_jobs as jobs
    set
      last_error = coalesce(error_message, 'Manually marked as failed'),
      attempts = max_attempts,
      updated_at = now()
    where id = any(job_ids)
    and (
      locked_at is null
    or
      locked_at < NOW() - interval '4 hours'
    )
    returning *;
$$;

CREATE FUNCTION prochat_jobs.remove_job(job_key text) RETURNS prochat_jobs._private_jobs
    LANGUAGE plpgsql STRICT
    AS $$
declare
  v_job "prochat_jobs"._private_jobs;
begin
  -- Delete job if not locked
  delete from "prochat_jobs"._private_jobs as jobs
    where key = job_key
    and (
      locked_at is null
    or
      locked_at < NOW() - interval '4 hours'
    )
  returning * into v_job;
  if not (v_job is null) then
    perform pg_notify('jobs:insert', '{"r":' || random()::text || ',"count":-1}');
    return v_job;
  end if;
  -- Otherwise prevent job from retrying, and clear the key
  update "prochat_jobs"._private_jobs as jobs
  set
    key = null,
    attempts = jobs.max_attempts,
    updated_at = now()
  where key = job_key
  returning * into v_job;
  return v_job;
end;
$$;

CREATE FUNCTION prochat_jobs.reschedule_jobs(job_ids bigint[], run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, priority integer DEFAULT NULL::integer, attempts integer DEFAULT NULL::integer, max_attempts integer DEFAULT NULL::integer) RETURNS SETOF prochat_jobs._private_jobs
    LANGUAGE sql
    AS $$
  update "prochat_jobs"._private_jobs as jobs
    set
      run_at = coalesce(reschedule_jobs.run_at, jobs.run_at),
      priority = coalesce(reschedule_jobs.priority::smallint, jobs.priority),
      attempts = coalesce(reschedule_jobs.attempts::smallint, jobs.attempts),
      max_attempts = coalesce(reschedule_jobs.max_attempts::smallint, jobs.max_attempts),
      updated_at = now()
    where id = any(job_ids)
    and (
      locked_at is null
    or
      locked_at < NOW() - interval '4 hours'
    )
    returning *;
$$;

CREATE FUNCTION public.expire_audit_entries(older_than timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    AS $$
declare
  expired integer;
begin
  perform set_config('prochat.audit_maintenance', 'expire', true);
  delete from audit_log where id < uuid_floor(least(older_than, now() - interval '30 days'));
  get diagnostics expired = row_count;
  perform set_config('prochat.audit_maintenance', '', true);
  return expired;
end $$;

CREATE FUNCTION public.make_message_partitions(first_day date, months integer) RETURNS integer
    LANGUAGE plpgsql
    AS $$
declare
  month date := date_trunc('month', first_day);
  made integer := 0;
  part text;
  home text := (
    select nspname
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.oid = 'messages'::regclass
  );
begin
  for i in 0..months loop
    part := 'messages_' || to_char(month, 'YYYY_MM');
    if not exists (
      select
      from pg_inherits
      join pg_class c on c.oid = inhrelid
      where inhparent = 'messages'::regclass
        and c.relname = part
    ) then
      -- Keeps out other makers and whoever changes the table, but no reader and no writer.
      lock table messages in share update exclusive mode;
      if not exists (
        select
        from pg_inherits
        join pg_class c on c.oid = inhrelid
        where inhparent = 'messages'::regclass
          and c.relname = part
      ) then
        if to_regclass(format('%I.%I', home, part)) is not null then
          raise exception 'the table % is there but is no partition of messages', part
            using hint = 'Rename it, or attach it where it belongs.';
        end if;
        execute format('create table %I.%I (like messages including all)', home, part);
        execute format(
          'alter table messages attach partition %I.%I for values from (%L) to (%L)', home, part,
          uuid_floor(month::timestamp at time zone 'UTC'),
          uuid_floor((month + interval '1 month')::timestamp at time zone 'UTC'));
        made := made + 1;
      end if;
    end if;
    month := month + interval '1 month';
  end loop;
  return made;
end $$;

CREATE FUNCTION public.refuse_audit_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if tg_op = 'DELETE' and current_setting('prochat.audit_maintenance', true) = 'expire' then
    return null;
  end if;
  raise exception 'audit_log is append-only: % is refused', lower(tg_op)
    using errcode = 'insufficient_privilege', hint = 'Old entries are deleted by expire_audit_entries().';
end $$;

CREATE FUNCTION public.uuid_floor(moment timestamp with time zone) RETURNS uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (rpad(lpad(to_hex(((EXTRACT(epoch FROM moment) * (1000)::numeric))::bigint), 12, '0'::text), 32, '0'::text))::uuid;

CREATE TABLE prochat_jobs._private_job_queues (
    id integer NOT NULL,
    queue_name text NOT NULL,
    locked_at timestamp with time zone,
    locked_by text,
    is_available boolean GENERATED ALWAYS AS ((locked_at IS NULL)) STORED NOT NULL,
    CONSTRAINT job_queues_queue_name_check CHECK ((length(queue_name) <= 128))
);

CREATE TABLE prochat_jobs._private_known_crontabs (
    identifier text NOT NULL,
    known_since timestamp with time zone NOT NULL,
    last_execution timestamp with time zone
);

CREATE TABLE prochat_jobs._private_tasks (
    id integer NOT NULL,
    identifier text NOT NULL,
    CONSTRAINT tasks_identifier_check CHECK ((length(identifier) <= 128))
);

ALTER TABLE prochat_jobs._private_job_queues ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME prochat_jobs.job_queues_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW prochat_jobs.jobs AS
 SELECT jobs.id,
    job_queues.queue_name,
    tasks.identifier AS task_identifier,
    jobs.priority,
    jobs.run_at,
    jobs.attempts,
    jobs.max_attempts,
    jobs.last_error,
    jobs.created_at,
    jobs.updated_at,
    jobs.key,
    jobs.locked_at,
    jobs.locked_by,
    jobs.revision,
    jobs.flags
   FROM ((prochat_jobs._private_jobs jobs
     JOIN prochat_jobs._private_tasks tasks ON ((tasks.id = jobs.task_id)))
     LEFT JOIN prochat_jobs._private_job_queues job_queues ON ((job_queues.id = jobs.job_queue_id)));

ALTER TABLE prochat_jobs._private_jobs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME prochat_jobs.jobs_id_seq1
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE prochat_jobs.migrations (
    id integer NOT NULL,
    ts timestamp with time zone DEFAULT now() NOT NULL,
    breaking boolean DEFAULT false NOT NULL
);

ALTER TABLE prochat_jobs._private_tasks ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME prochat_jobs.tasks_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    account_id text NOT NULL,
    provider_id text NOT NULL,
    access_token text,
    refresh_token text,
    id_token text,
    access_token_expires_at timestamp with time zone,
    refresh_token_expires_at timestamp with time zone,
    scope text,
    password text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.audit_log (
    website_id integer NOT NULL,
    id uuid NOT NULL,
    at timestamp(3) with time zone NOT NULL,
    actor_kind public.audit_actor NOT NULL,
    actor_id uuid,
    actor_name text NOT NULL,
    action text NOT NULL,
    target_kind text,
    target_id text,
    target_name text,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    ip text,
    user_agent text
);

CREATE TABLE public.conversation_tags (
    website_id integer NOT NULL,
    conversation_id uuid NOT NULL,
    tag_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.conversations (
    website_id integer NOT NULL,
    id uuid NOT NULL,
    visitor_id uuid NOT NULL,
    status public.conversation_status DEFAULT 'open'::public.conversation_status NOT NULL,
    assignee_id uuid,
    version integer DEFAULT 1 NOT NULL,
    last_seq integer DEFAULT 0 NOT NULL,
    last_public_seq integer DEFAULT 0 NOT NULL,
    preview text DEFAULT ''::text NOT NULL,
    preview_author public.author_kind DEFAULT 'visitor'::public.author_kind NOT NULL,
    last_message_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    waiting_since timestamp with time zone,
    agent_read_seq integer DEFAULT 0 NOT NULL,
    visitor_read_seq integer DEFAULT 0 NOT NULL,
    agent_unread integer DEFAULT 0 NOT NULL,
    visitor_unread integer DEFAULT 0 NOT NULL,
    first_reply_at timestamp with time zone,
    rating smallint,
    continues_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    tag_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    changed_version integer DEFAULT 0 NOT NULL,
    changed_at timestamp with time zone,
    last_message_bucket timestamp(3) with time zone GENERATED ALWAYS AS (date_bin('00:05:00'::interval, last_message_at, '2000-01-01 00:00:00+00'::timestamp with time zone)) STORED NOT NULL,
    may_have_unread boolean DEFAULT false NOT NULL,
    deleted_by uuid,
    deletion_reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT conversations_unread_is_flagged CHECK ((may_have_unread OR (agent_unread = 0)))
)
WITH (fillfactor='70');

CREATE TABLE public.invitations (
    website_id integer NOT NULL,
    id uuid NOT NULL,
    role public.member_role NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    token_hash text NOT NULL,
    invited_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE public.memberships (
    website_id integer NOT NULL,
    user_id uuid NOT NULL,
    role public.member_role NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    removed_at timestamp with time zone
);

CREATE TABLE public.messages (
    website_id integer NOT NULL,
    conversation_id uuid NOT NULL,
    seq integer NOT NULL,
    author public.author_kind NOT NULL,
    kind public.message_kind NOT NULL,
    id uuid NOT NULL,
    author_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    edited_at timestamp with time zone,
    deleted_at timestamp with time zone,
    body text NOT NULL,
    details jsonb,
    changed_version integer
)
PARTITION BY RANGE (conversation_id);

CREATE TABLE public.messages_2026_07 (
    website_id integer NOT NULL,
    conversation_id uuid NOT NULL,
    seq integer NOT NULL,
    author public.author_kind NOT NULL,
    kind public.message_kind NOT NULL,
    id uuid NOT NULL,
    author_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    edited_at timestamp with time zone,
    deleted_at timestamp with time zone,
    body text NOT NULL,
    details jsonb,
    changed_version integer
);

CREATE TABLE public.messages_2026_08 (
    website_id integer NOT NULL,
    conversation_id uuid NOT NULL,
    seq integer NOT NULL,
    author public.author_kind NOT NULL,
    kind public.message_kind NOT NULL,
    id uuid NOT NULL,
    author_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    edited_at timestamp with time zone,
    deleted_at timestamp with time zone,
    body text NOT NULL,
    details jsonb,
    changed_version integer
);

CREATE TABLE public.messages_2026_09 (
    website_id integer NOT NULL,
    conversation_id uuid NOT NULL,
    seq integer NOT NULL,
    author public.author_kind NOT NULL,
    kind public.message_kind NOT NULL,
    id uuid NOT NULL,
    author_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    edited_at timestamp with time zone,
    deleted_at timestamp with time zone,
    body text NOT NULL,
    details jsonb,
    changed_version integer
);

CREATE TABLE public.messages_2026_10 (
    website_id integer NOT NULL,
    conversation_id uuid NOT NULL,
    seq integer NOT NULL,
    author public.author_kind NOT NULL,
    kind public.message_kind NOT NULL,
    id uuid NOT NULL,
    author_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    edited_at timestamp with time zone,
    deleted_at timestamp with time zone,
    body text NOT NULL,
    details jsonb,
    changed_version integer
);

CREATE TABLE public.messages_2026_11 (
    website_id integer NOT NULL,
    conversation_id uuid NOT NULL,
    seq integer NOT NULL,
    author public.author_kind NOT NULL,
    kind public.message_kind NOT NULL,
    id uuid NOT NULL,
    author_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    edited_at timestamp with time zone,
    deleted_at timestamp with time zone,
    body text NOT NULL,
    details jsonb,
    changed_version integer
);

CREATE TABLE public.messages_2026_12 (
    website_id integer NOT NULL,
    conversation_id uuid NOT NULL,
    seq integer NOT NULL,
    author public.author_kind NOT NULL,
    kind public.message_kind NOT NULL,
    id uuid NOT NULL,
    author_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    edited_at timestamp with time zone,
    deleted_at timestamp with time zone,
    body text NOT NULL,
    details jsonb,
    changed_version integer
);

CREATE TABLE public.messages_2027_01 (
    website_id integer NOT NULL,
    conversation_id uuid NOT NULL,
    seq integer NOT NULL,
    author public.author_kind NOT NULL,
    kind public.message_kind NOT NULL,
    id uuid NOT NULL,
    author_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    edited_at timestamp with time zone,
    deleted_at timestamp with time zone,
    body text NOT NULL,
    details jsonb,
    changed_version integer
);

CREATE TABLE public.messages_2027_02 (
    website_id integer NOT NULL,
    conversation_id uuid NOT NULL,
    seq integer NOT NULL,
    author public.author_kind NOT NULL,
    kind public.message_kind NOT NULL,
    id uuid NOT NULL,
    author_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    edited_at timestamp with time zone,
    deleted_at timestamp with time zone,
    body text NOT NULL,
    details jsonb,
    changed_version integer
);

CREATE TABLE public.messages_2027_03 (
    website_id integer NOT NULL,
    conversation_id uuid NOT NULL,
    seq integer NOT NULL,
    author public.author_kind NOT NULL,
    kind public.message_kind NOT NULL,
    id uuid NOT NULL,
    author_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    edited_at timestamp with time zone,
    deleted_at timestamp with time zone,
    body text NOT NULL,
    details jsonb,
    changed_version integer
);

CREATE TABLE public.pgmigrations (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    run_on timestamp without time zone NOT NULL
);

CREATE SEQUENCE public.pgmigrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.pgmigrations_id_seq OWNED BY public.pgmigrations.id;

CREATE TABLE public.sessions (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    token text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ip_address text,
    user_agent text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.tags (
    website_id integer NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    colour text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.users (
    id uuid NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    email_verified boolean DEFAULT false NOT NULL,
    image text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.verifications (
    id uuid NOT NULL,
    identifier text NOT NULL,
    value text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.visitors (
    website_id integer NOT NULL,
    id uuid NOT NULL,
    external_id text,
    name text,
    email text,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    page_url text,
    page_title text,
    user_agent text,
    language text,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone
);

CREATE TABLE public.websites (
    id integer NOT NULL,
    name text NOT NULL,
    public_key text NOT NULL,
    identity_secret text NOT NULL,
    allowed_origins text[] NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.websites ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.websites_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY public.messages ATTACH PARTITION public.messages_2026_07 FOR VALUES FROM ('019f1af9-b400-0000-0000-000000000000') TO ('019fba9e-d800-0000-0000-000000000000');

ALTER TABLE ONLY public.messages ATTACH PARTITION public.messages_2026_08 FOR VALUES FROM ('019fba9e-d800-0000-0000-000000000000') TO ('01a05a43-fc00-0000-0000-000000000000');

ALTER TABLE ONLY public.messages ATTACH PARTITION public.messages_2026_09 FOR VALUES FROM ('01a05a43-fc00-0000-0000-000000000000') TO ('01a0f4c2-c400-0000-0000-000000000000');

ALTER TABLE ONLY public.messages ATTACH PARTITION public.messages_2026_10 FOR VALUES FROM ('01a0f4c2-c400-0000-0000-000000000000') TO ('01a19467-e800-0000-0000-000000000000');

ALTER TABLE ONLY public.messages ATTACH PARTITION public.messages_2026_11 FOR VALUES FROM ('01a19467-e800-0000-0000-000000000000') TO ('01a22ee6-b000-0000-0000-000000000000');

ALTER TABLE ONLY public.messages ATTACH PARTITION public.messages_2026_12 FOR VALUES FROM ('01a22ee6-b000-0000-0000-000000000000') TO ('01a2ce8b-d400-0000-0000-000000000000');

ALTER TABLE ONLY public.messages ATTACH PARTITION public.messages_2027_01 FOR VALUES FROM ('01a2ce8b-d400-0000-0000-000000000000') TO ('01a36e30-f800-0000-0000-000000000000');

ALTER TABLE ONLY public.messages ATTACH PARTITION public.messages_2027_02 FOR VALUES FROM ('01a36e30-f800-0000-0000-000000000000') TO ('01a3fe63-0800-0000-0000-000000000000');

ALTER TABLE ONLY public.messages ATTACH PARTITION public.messages_2027_03 FOR VALUES FROM ('01a3fe63-0800-0000-0000-000000000000') TO ('01a49e08-2c00-0000-0000-000000000000');

ALTER TABLE ONLY public.pgmigrations ALTER COLUMN id SET DEFAULT nextval('public.pgmigrations_id_seq'::regclass);

INSERT INTO prochat_jobs._private_jobs OVERRIDING SYSTEM VALUE VALUES
	(1, NULL, 2, '{}', 0, '2126-11-29 14:29:04.709604+00', 0, 25, NULL, '2026-11-29 14:29:04.709604+00', '2026-11-29 14:29:04.709604+00', NULL, NULL, NULL, 0, NULL, DEFAULT);

INSERT INTO prochat_jobs._private_known_crontabs VALUES
	('make-partitions', '2026-11-29 14:28:59.399+00', NULL),
	('recount', '2026-11-29 14:28:59.399+00', NULL),
	('clear-unread-flags', '2026-11-29 14:28:59.399+00', NULL),
	('purge-trash', '2026-11-29 14:28:59.399+00', NULL),
	('expire-audit', '2026-11-29 14:28:59.399+00', NULL);

INSERT INTO prochat_jobs._private_tasks OVERRIDING SYSTEM VALUE VALUES
	(1, 'make-partitions'),
	(2, 'recount'),
	(3, 'clear-unread-flags'),
	(4, 'purge-trash'),
	(5, 'expire-audit'),
	(6, 'sessions-ended');

INSERT INTO prochat_jobs.migrations VALUES
	(1, '2026-11-29 14:28:59.229569+00', true),
	(2, '2026-11-29 14:28:59.252255+00', false),
	(3, '2026-11-29 14:28:59.269302+00', true),
	(4, '2026-11-29 14:28:59.27153+00', false),
	(5, '2026-11-29 14:28:59.282023+00', false),
	(6, '2026-11-29 14:28:59.290415+00', false),
	(7, '2026-11-29 14:28:59.300237+00', false),
	(8, '2026-11-29 14:28:59.30906+00', false),
	(9, '2026-11-29 14:28:59.310715+00', false),
	(10, '2026-11-29 14:28:59.311991+00', false),
	(11, '2026-11-29 14:28:59.312765+00', true),
	(12, '2026-11-29 14:28:59.367742+00', false),
	(13, '2026-11-29 14:28:59.374059+00', true),
	(14, '2026-11-29 14:28:59.376868+00', true),
	(15, '2026-11-29 14:28:59.378184+00', false),
	(16, '2026-11-29 14:28:59.379306+00', true),
	(17, '2026-11-29 14:28:59.38597+00', false),
	(18, '2026-11-29 14:28:59.387446+00', false),
	(19, '2026-11-29 14:28:59.395224+00', true),
	(20, '2026-11-29 14:28:59.396084+00', false);

INSERT INTO public.accounts VALUES
	('01a227b5-9999-7157-865a-170cfd50203e', '01a227b5-998f-7cf7-b212-75603311ae6c', '01a227b5-998f-7cf7-b212-75603311ae6c', 'credential', NULL, NULL, NULL, NULL, NULL, NULL, 'scrypt$32768$8$3$eeKrOMyofFbAVi6sr4Xl_g$fnZdFHtEY6l5h_gkv-VWX24vhIULUUjHYMSqi2uMXqZ1JCOFDg6mOYLJiUDffknUT5yDpjWvzh0inkgvH9VP8g', '2026-11-29 14:29:02.478418+00', '2026-11-29 14:29:02.478418+00'),
	('01a227b5-a0a4-7c8f-9945-dc8623ef3d6f', '01a227b5-a0a1-7851-a3e6-7d4e6ba55b2b', '01a227b5-a0a1-7851-a3e6-7d4e6ba55b2b', 'credential', NULL, NULL, NULL, NULL, NULL, NULL, 'scrypt$32768$8$3$xk0Etox4p2zppLicrhrMDg$6ab-1EObFR_sDh8JBo42DQhWXbtrftzuGvin80wuzDB-8KjnKAd_Kx2LFOs4o5bb8DWTvuPygFnAmANqV5nNoA', '2026-11-29 14:29:04.27971+00', '2026-11-29 14:29:04.27971+00');

INSERT INTO public.audit_log VALUES
	(0, '01a227b5-8ca0-754a-9481-9b35e9732ecf', '2026-11-29 14:28:59.168+00', 'system', NULL, 'prochat start', 'database.migrated', NULL, NULL, NULL, '{"migrations": ["0001_chat", "0002_access_paths", "0003_partitions", "0004_message_ids", "0005_message_ids_before", "0006_tags", "0007_audit_log", "0008_changed_messages", "0009_changed_messages_indexes", "0010_member_names", "0011_member_names_filled", "0012_former_members", "0013_memberships_of_user", "0014_hot_conversations", "0015_hot_conversations_indexes", "0016_partitions_schema", "0017_trash"]}', NULL, NULL),
	(1, '01a227b5-99b7-755d-822b-cdf390e7c4a2', '2026-11-29 14:29:02.519+00', 'user', '01a227b5-998f-7cf7-b212-75603311ae6c', 'Olga Owner', 'website.set_up', 'website', '1', 'Shop', '{}', '127.0.0.1', 'node'),
	(1, '01a227b5-9a52-7eaa-a4e8-d05f9d0fa292', '2026-11-29 14:29:02.674+00', 'user', '01a227b5-998f-7cf7-b212-75603311ae6c', 'Olga Owner', 'account.signed_in', NULL, NULL, NULL, '{}', '127.0.0.1', 'node'),
	(1, '01a227b5-9a9e-7dc1-b0af-8ec09c7a9e28', '2026-11-29 14:29:02.75+00', 'user', '01a227b5-998f-7cf7-b212-75603311ae6c', 'Olga Owner', 'invitation.created', 'invitation', '01a227b5-9a89-7fae-b943-83f488280af5', '', '{"role": "agent"}', '127.0.0.1', 'node'),
	(1, '01a227b5-a0a5-77ab-8039-e93187e6ced0', '2026-11-29 14:29:04.293+00', 'user', '01a227b5-a0a1-7851-a3e6-7d4e6ba55b2b', 'Ben Agent', 'invitation.accepted', 'invitation', '01a227b5-9a89-7fae-b943-83f488280af5', '', '{"role": "agent", "invitedBy": "Olga Owner"}', '127.0.0.1', 'node'),
	(1, '01a227b5-a0f8-7f27-9ad5-3aa05b82945c', '2026-11-29 14:29:04.376+00', 'user', '01a227b5-a0a1-7851-a3e6-7d4e6ba55b2b', 'Ben Agent', 'account.signed_in', NULL, NULL, NULL, '{}', '127.0.0.1', 'node'),
	(1, '01a227b5-a114-79c8-ab98-51f9faebef96', '2026-11-29 14:29:04.404+00', 'user', '01a227b5-998f-7cf7-b212-75603311ae6c', 'Olga Owner', 'invitation.created', 'invitation', '01a227b5-a110-772e-9392-cad23cbb782d', 'for Dana', '{"role": "admin"}', '127.0.0.1', 'node'),
	(2, '01a227b5-a12c-7b62-97f0-8b9c7196a991', '2026-11-29 14:29:04.428+00', 'user', '01a227b5-998f-7cf7-b212-75603311ae6c', 'Olga Owner', 'website.created', 'website', '2', 'Second shop', '{}', '127.0.0.1', 'node'),
	(1, '01a227b5-a271-79ef-9919-398af2265acf', '2026-11-29 14:29:04.753+00', 'user', '01a227b5-998f-7cf7-b212-75603311ae6c', 'Olga Owner', 'tag.created', 'tag', '01a227b5-a26e-7df0-980d-c43e207d8a5c', 'Refund', '{}', '127.0.0.1', 'node');

INSERT INTO public.conversation_tags VALUES
	(1, '01a227b5-a1e0-717b-9fd5-3b68a2f7e07f', '01a227b5-a26e-7df0-980d-c43e207d8a5c', '2026-11-29 14:29:04.77034+00');

INSERT INTO public.conversations VALUES
	(1, '01a227b5-a15c-71b7-ac1c-130926eddcf1', '01a227b5-a13c-75af-9a78-3edb883edf23', 'open', NULL, 5, 3, 3, 'Do you repair bicycles?', 'visitor', '2026-11-29 14:29:04.592+00', '2026-11-29 14:29:04.592439+00', 1, 0, 1, 1, '2026-11-29 14:29:04.585839+00', NULL, NULL, '2026-11-29 14:29:04.483386+00', NULL, '{}', 0, NULL, DEFAULT, true, NULL, ''),
	(1, '01a227b5-a23d-7b00-a4e4-2526d80f52c2', '01a227b5-a227-732e-b3d6-ab902d9c88b3', 'open', NULL, 2, 1, 1, 'Please forget this.', 'visitor', '2026-11-29 14:29:04.702+00', '2026-11-29 14:29:04.701966+00', 0, 0, 1, 0, NULL, NULL, NULL, '2026-11-29 14:29:04.701966+00', '2026-11-29 14:29:04.704511+00', '{}', 0, NULL, DEFAULT, true, NULL, ''),
	(1, '01a227b5-a1e0-717b-9fd5-3b68a2f7e07f', '01a227b5-a1dc-7432-91bb-f97072941342', 'open', '01a227b5-a0a1-7851-a3e6-7d4e6ba55b2b', 9, 6, 6, 'It is on its way to you.', 'agent', '2026-11-29 14:29:04.649+00', NULL, 6, 0, 0, 1, '2026-11-29 14:29:04.649438+00', NULL, NULL, '2026-11-29 14:29:04.60916+00', NULL, '{01a227b5-a26e-7df0-980d-c43e207d8a5c}', 0, NULL, DEFAULT, true, NULL, ''),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', '019fd459-4425-7d80-a22f-463dcb9612b8', 'resolved', '016f5e66-e800-73a8-b051-083e4a8356e7', 55, 27, 26, 'I have noted that for 11776.', 'agent', '2026-08-06 01:56:55.849+00', NULL, 27, 24, 0, 2, '2026-08-06 00:08:04.027+00', NULL, NULL, '2026-08-05 23:54:07.781+00', NULL, '{}', 0, NULL, DEFAULT, false, NULL, ''),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', '019ffb05-959c-7d3d-b7ac-73b6d6ec5ea0', 'resolved', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', 51, 25, 24, 'Yes, a pair of brake pads is in stock and can be with you tomorrow.', 'agent', '2026-08-13 12:12:33.444+00', NULL, 25, 23, 0, 1, '2026-08-13 12:08:00.224+00', NULL, NULL, '2026-08-13 12:07:55.036+00', NULL, '{}', 0, NULL, DEFAULT, false, NULL, ''),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', '019fd459-4425-7d80-a22f-463dcb9612b8', 'resolved', '016f5e66-e800-788b-811f-7ffa9af094ce', 77, 38, 36, 'Let me have a look.', 'agent', '2026-09-08 05:14:45.373+00', NULL, 38, 35, 0, 1, '2026-09-08 03:32:20.056+00', NULL, '019fd459-4425-74bc-a83b-d81cba635273', '2026-09-08 03:31:57.314+00', NULL, '{}', 0, NULL, DEFAULT, false, NULL, ''),
	(3, '01a0aad5-fcbb-7f2a-b02f-1fc0393d0458', '01a0aad5-fcbb-7973-b821-2db5d0a95ef1', 'resolved', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', 35, 17, 16, 'Yes please', 'visitor', '2026-09-16 16:18:25.649+00', NULL, 17, 16, 0, 0, '2026-09-16 15:30:41.408+00', NULL, NULL, '2026-09-16 15:29:05.723+00', NULL, '{}', 0, NULL, DEFAULT, false, NULL, ''),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', '01a0beb3-f2e6-77f7-8c46-85983f4b2508', 'resolved', '016f5e66-e800-7c4c-a070-4f999051a36e', 49, 24, 23, 'Thanks, that is all I wanted to know :)', 'visitor', '2026-09-20 12:11:22.28+00', NULL, 24, 23, 0, 0, '2026-09-20 12:05:03.687+00', NULL, NULL, '2026-09-20 12:04:19.302+00', NULL, '{}', 0, NULL, DEFAULT, false, NULL, ''),
	(3, '01a10e97-35e1-74cd-8d16-77cb8892982e', '01a10e97-35e1-7c5c-9c95-bc91c50670c5', 'resolved', NULL, 23, 11, 10, 'No, the other one: number 70237.', 'visitor', '2026-10-06 00:49:05.843+00', NULL, 11, 10, 0, 0, '2026-10-06 00:29:56.234+00', 4, NULL, '2026-10-06 00:22:33.185+00', NULL, '{}', 0, NULL, DEFAULT, false, NULL, ''),
	(3, '01a11bf5-56b1-76f9-a8dc-5cf55921fb5b', '01a11bf5-56b1-7e41-9979-ab4786b4385b', 'open', '016f5e66-e800-79ec-bb16-406ca90b9f9a', 16, 7, 7, 'Is a chain lock available before the weekend?', 'visitor', '2026-10-08 15:40:38.022+00', '2026-10-08 15:40:38.022+00', 7, 7, 0, 0, '2026-10-08 14:44:20.465+00', NULL, NULL, '2026-10-08 14:40:25.777+00', NULL, '{}', 0, NULL, DEFAULT, false, NULL, ''),
	(3, '01a13460-302b-7184-a94f-57eb70f7d52f', '01a13460-302b-72ba-a45e-f855e325a4e8', 'resolved', '016f5e66-e800-741f-aabd-88a4004057b1', 17, 8, 7, 'I cannot pay: after I choose the card nothing happens. The page says one thing and the mail that I got says another. I have waited for more than a week now and heard nothing.', 'visitor', '2026-10-13 08:35:46.072+00', NULL, 8, 7, 0, 0, '2026-10-13 08:34:33.668+00', NULL, NULL, '2026-10-13 08:28:01.451+00', NULL, '{}', 0, NULL, DEFAULT, false, NULL, ''),
	(3, '01a143db-40a9-7d53-a7b2-129337f6c2ca', '01a143db-40a9-795c-b1b4-4d9600bef7bc', 'resolved', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', 9, 4, 3, 'You are welcome! Is there anything else?', 'agent', '2026-10-16 08:38:01.792+00', NULL, 4, 1, 0, 1, '2026-10-16 08:37:23.714+00', NULL, NULL, '2026-10-16 08:36:44.841+00', NULL, '{}', 0, NULL, DEFAULT, false, NULL, ''),
	(3, '01a148a7-cbdd-77c6-a5e0-a01cf231b327', '01a148a7-cbdd-78a9-a2a7-90e50c43ea7c', 'resolved', '016f5e66-e800-788b-811f-7ffa9af094ce', 15, 7, 6, 'ok', 'visitor', '2026-10-17 07:24:59.412+00', NULL, 7, 6, 0, 0, '2026-10-17 07:16:58.332+00', NULL, NULL, '2026-10-17 06:58:38.685+00', NULL, '{}', 0, NULL, DEFAULT, false, NULL, ''),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', '01a16b65-3864-7830-8b2b-eb5b0ebb6871', 'resolved', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', 77, 38, 37, 'I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.', 'agent', '2026-10-24 01:36:34.183+00', NULL, 38, 35, 0, 2, '2026-10-24 00:52:54.707+00', NULL, NULL, '2026-10-24 00:52:38.116+00', NULL, '{}', 0, NULL, DEFAULT, false, NULL, ''),
	(3, '01a1b9c3-fe16-7df5-8810-2b1b336764de', '01a1b9c3-fe16-7367-9af8-d67c58e4b2fe', 'resolved', NULL, 5, 2, 1, 'Hello, a question about a pair of brake pads.', 'visitor', '2026-11-08 06:08:14.97+00', NULL, 2, 1, 0, 0, NULL, NULL, NULL, '2026-11-08 06:06:31.958+00', NULL, '{}', 0, NULL, DEFAULT, false, NULL, ''),
	(3, '01a1c5b2-f741-77fe-8dea-0833f17ab2d9', '01a1c5b2-f741-7d05-8df2-89c7f01ff22e', 'open', NULL, 37, 18, 18, 'Hi', 'visitor', '2026-11-10 14:01:25.847+00', '2026-11-10 13:43:22.689+00', 0, 18, 18, 0, NULL, NULL, NULL, '2026-11-10 13:43:22.689+00', NULL, '{}', 0, NULL, DEFAULT, true, NULL, ''),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', '01a1fa1d-7eb0-7bec-ac21-93edd780cc8b', 'open', '016f5e66-e800-741f-aabd-88a4004057b1', 49, 24, 24, 'We can exchange a chain lock without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office at the end of the month.', 'agent', '2026-11-20 18:10:21.053+00', NULL, 24, 23, 0, 1, '2026-11-20 18:00:27.249+00', NULL, NULL, '2026-11-20 17:59:59.408+00', NULL, '{}', 0, NULL, DEFAULT, false, NULL, '');

INSERT INTO public.invitations VALUES
	(1, '01a227b5-a110-772e-9392-cad23cbb782d', 'admin', 'for Dana', 'dc21a8f0ee48d2258f4e70cdb9a638b6f0d07609a5f030e39b39ce3f6165297d', '01a227b5-998f-7cf7-b212-75603311ae6c', '2026-11-29 14:29:04.403146+00', '2026-12-06 14:29:04.4+00');

INSERT INTO public.memberships VALUES
	(1, '01a227b5-998f-7cf7-b212-75603311ae6c', 'owner', '2026-11-29 14:29:02.478418+00', 'Olga Owner', NULL),
	(1, '01a227b5-a0a1-7851-a3e6-7d4e6ba55b2b', 'agent', '2026-11-29 14:29:04.27971+00', 'Ben Agent', NULL),
	(2, '01a227b5-998f-7cf7-b212-75603311ae6c', 'owner', '2026-11-29 14:29:04.425236+00', 'Olga Owner', NULL),
	(3, '016f5e66-e800-79ec-bb16-406ca90b9f9a', 'owner', '2026-07-29 14:29:07.605+00', 'Ada', NULL),
	(3, '016f5e66-e800-7a94-a873-1991bbf719dc', 'agent', '2026-07-29 14:29:07.605+00', 'Bo', NULL),
	(3, '016f5e66-e800-73a8-b051-083e4a8356e7', 'agent', '2026-07-29 14:29:07.605+00', 'Chiara', NULL),
	(3, '016f5e66-e800-7d7f-9be7-c2d813b7a0a7', 'agent', '2026-07-29 14:29:07.605+00', 'Dmitri', NULL),
	(3, '016f5e66-e800-77f0-a0cb-8bfed019e6ba', 'agent', '2026-07-29 14:29:07.605+00', 'Elif', NULL),
	(3, '016f5e66-e800-741f-aabd-88a4004057b1', 'agent', '2026-07-29 14:29:07.605+00', 'Femi', NULL),
	(3, '016f5e66-e800-788b-811f-7ffa9af094ce', 'agent', '2026-07-29 14:29:07.605+00', 'Greta', NULL),
	(3, '016f5e66-e800-73f2-b0f3-b4fbb7caaa64', 'agent', '2026-07-29 14:29:07.605+00', 'Hugo', NULL),
	(3, '016f5e66-e800-794a-bc33-46cac3895239', 'agent', '2026-07-29 14:29:07.605+00', 'Ines', NULL),
	(3, '016f5e66-e800-77c4-a1b0-05ee2d81a1b3', 'agent', '2026-07-29 14:29:07.605+00', 'Jun', NULL),
	(3, '016f5e66-e800-7c4c-a070-4f999051a36e', 'agent', '2026-07-29 14:29:07.605+00', 'Kofi', NULL);

INSERT INTO public.messages_2026_08 VALUES
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 1, 'visitor', 'text', '019fd459-4425-7285-95b2-61a30c087aa7', NULL, '2026-08-05 23:54:07.781+00', NULL, NULL, 'I ordered a chain lock, but something else was in the parcel. The page says one thing and the mail that I got says another. What should I do now?', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 2, 'agent', 'event', '019fd45b-8af1-77a3-bb00-18df497ebf57', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-05 23:56:36.977+00', NULL, NULL, '', '{"to": {"id": "016f5e66-e800-73a8-b051-083e4a8356e7", "name": "Chiara"}, "type": "assigned"}', NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 3, 'visitor', 'text', '019fd45c-cbd4-7533-a5b1-1fdd57546d48', NULL, '2026-08-05 23:57:59.124+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 4, 'visitor', 'text', '019fd45c-f6bf-734f-bf56-f534712450b3', NULL, '2026-08-05 23:58:10.111+00', NULL, NULL, 'Can I send back a chain lock? My neighbour has the same one and is very happy with it, that is why I ask.', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 5, 'agent', 'text', '019fd466-06bb-7718-be1d-7f63e657fa9a', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-06 00:08:04.027+00', NULL, NULL, 'We can exchange a chain lock without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office at the end of the month.', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 6, 'visitor', 'text', '019fd466-befd-7cbf-a400-dfb7c4baa326', NULL, '2026-08-06 00:08:51.197+00', NULL, NULL, 'Is a pair of brake pads available next week?', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 7, 'agent', 'text', '019fd46b-4500-72bf-9759-e21b9acb4ff9', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-06 00:13:47.648+00', NULL, NULL, 'Have a nice day!', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 8, 'visitor', 'text', '019fd476-53a1-706a-9552-d3c745b80876', NULL, '2026-08-06 00:25:52.289+00', NULL, NULL, 'No, the other one: number 51788.', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 9, 'agent', 'text', '019fd477-ac90-71d1-b750-e01da59aaeee', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-06 00:27:20.592+00', NULL, NULL, 'Let me have a look.', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 10, 'visitor', 'text', '019fd47b-a58d-7ca8-9012-8d15df8e752e', NULL, '2026-08-06 00:31:40.941+00', NULL, NULL, 'ok', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 11, 'visitor', 'text', '019fd47b-f4ec-7127-ae4d-5e0b7cee72d9', NULL, '2026-08-06 00:32:01.26+00', NULL, NULL, 'Hi', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 12, 'visitor', 'text', '019fd47c-89e3-70dc-abfd-6af6ec353def', NULL, '2026-08-06 00:32:39.395+00', NULL, NULL, 'I ordered a chain lock, but something else was in the parcel. I have waited for more than a week now and heard nothing. What should I do now?', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 13, 'agent', 'note', '019fd47e-603a-7025-b771-05e88c13704a', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-06 00:34:39.802+00', NULL, NULL, 'Hello! How can I help?', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 14, 'visitor', 'text', '019fd498-21f7-76b4-95a9-05b168e4bdd5', NULL, '2026-08-06 01:02:47.799+00', NULL, NULL, 'I ordered the 28 inch wheel, but something else was in the parcel. I have waited for more than a week now and heard nothing. What should I do now?', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 15, 'agent', 'text', '019fd498-2e09-7dc2-818a-af969612eee6', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-06 01:02:50.889+00', NULL, NULL, 'I have noted that for 81122.', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 16, 'visitor', 'text', '019fd4a0-dfcc-7a89-b12e-012a1f546c56', NULL, '2026-08-06 01:12:20.684+00', NULL, NULL, 'My order 21174 has not arrived yet. I have waited for more than a week now and heard nothing.', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 17, 'agent', 'text', '019fd4ab-55ff-74e0-bcb7-342f7e3d8d76', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-06 01:23:46.303+00', NULL, NULL, 'Yes, the 28 inch wheel is in stock and can be with you by Friday.', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 18, 'visitor', 'text', '019fd4bb-3be1-7d0c-8cd0-6260793aee66', NULL, '2026-08-06 01:41:08.193+00', NULL, NULL, 'No, the other one: number 61327.', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 19, 'visitor', 'text', '019fd4c0-c7a0-7629-beca-978ffa4d1522', NULL, '2026-08-06 01:47:11.648+00', NULL, NULL, 'No, the other one: number 15770.', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 20, 'visitor', 'text', '019fd4c0-d8d0-7d54-92df-257971e47463', NULL, '2026-08-06 01:47:16.048+00', NULL, NULL, 'Hi', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 21, 'agent', 'text', '019fd4c3-b463-7c9c-8439-bd3d733258c2', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-06 01:50:23.331+00', NULL, NULL, 'One moment please, I am asking a colleague.', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 22, 'visitor', 'text', '019fd4c4-a71d-7918-8d03-d3cee0548f85', NULL, '2026-08-06 01:51:25.469+00', NULL, NULL, 'Hello, a question about a chain lock.', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 23, 'agent', 'text', '019fd4c5-0b21-7190-b402-ed0022100740', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-06 01:51:51.073+00', NULL, NULL, 'Yes, the 28 inch wheel is in stock and can be with you by Friday.', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 24, 'visitor', 'text', '019fd4c5-3478-72ed-8aa1-24402e7f94ee', NULL, '2026-08-06 01:52:01.656+00', NULL, NULL, 'Hello, a question about a pair of brake pads.', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 25, 'agent', 'text', '019fd4c6-9e32-790c-a03f-810230f01b13', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-06 01:53:34.258+00', NULL, NULL, 'I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 26, 'agent', 'text', '019fd4c9-1dcb-76cc-a020-b934f81716c0', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-06 01:56:17.995+00', NULL, NULL, 'I have noted that for 11776.', NULL, NULL),
	(3, '019fd459-4425-74bc-a83b-d81cba635273', 27, 'agent', 'event', '019fd4c9-b1a9-71c8-bc8c-dd71913c152a', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-06 01:56:55.849+00', NULL, NULL, '', '{"type": "resolved"}', NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 1, 'visitor', 'text', '019ffb05-959c-710b-846b-7a85e37a6729', NULL, '2026-08-13 12:07:55.036+00', NULL, NULL, 'How much would a chain lock cost, with delivery?', NULL, NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 2, 'agent', 'event', '019ffb05-9f81-700c-9430-9b4141a1bd94', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-13 12:07:57.569+00', NULL, NULL, '', '{"to": {"id": "016f5e66-e800-77f0-a0cb-8bfed019e6ba", "name": "Elif"}, "type": "assigned"}', NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 3, 'visitor', 'text', '019ffb05-a3d1-7b6c-af00-f8bf5682e6fb', NULL, '2026-08-13 12:07:58.673+00', NULL, NULL, 'No, the other one: number 71401.', NULL, NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 4, 'agent', 'text', '019ffb05-a9e0-73f3-bfe5-3510b8966dd6', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-13 12:08:00.224+00', NULL, NULL, 'One moment please, I am asking a colleague.', NULL, NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 5, 'visitor', 'text', '019ffb05-af22-78aa-b4c4-384c164c358d', NULL, '2026-08-13 12:08:01.57+00', NULL, NULL, 'How much would the city bike cost, with delivery?', NULL, NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 6, 'visitor', 'text', '019ffb05-b85d-70dd-b604-7c821e9fcd67', NULL, '2026-08-13 12:08:03.933+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL, NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 7, 'agent', 'text', '019ffb05-c674-7a41-bd84-96e82fdd9d72', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-13 12:08:07.54+00', NULL, NULL, 'We can exchange a pair of brake pads without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office before the weekend.', NULL, NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 8, 'visitor', 'text', '019ffb05-c7b8-7dd7-abfb-8779306190b3', NULL, '2026-08-13 12:08:07.864+00', NULL, NULL, 'Yes please', NULL, NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 9, 'agent', 'text', '019ffb05-c852-714e-b1e0-95204c15fc7c', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-13 12:08:08.018+00', NULL, NULL, 'Let me have a look.', NULL, NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 10, 'visitor', 'text', '019ffb07-73cf-70d6-8be6-4edb0a7595b3', NULL, '2026-08-13 12:09:57.455+00', NULL, NULL, 'Hello, a question about a pair of brake pads.', NULL, NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 11, 'visitor', 'text', '019ffb07-7ebc-76cd-ac39-130298b246ac', NULL, '2026-08-13 12:10:00.252+00', NULL, NULL, 'No, the other one: number 70237.', NULL, NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 12, 'agent', 'text', '019ffb08-22f4-7dd5-8361-ac95c787cf54', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-13 12:10:42.292+00', NULL, NULL, 'We can exchange a pair of brake pads without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office next week.', NULL, NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 13, 'visitor', 'text', '019ffb08-2bb1-7b2f-913e-0ca290f800b1', NULL, '2026-08-13 12:10:44.529+00', NULL, NULL, 'I cannot pay: after I choose the card nothing happens. I have waited for more than a week now and heard nothing. I tried it on my phone and on my laptop, with the same result both times.', NULL, NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 14, 'agent', 'text', '019ffb08-348c-7a57-990b-d5bfa5295e30', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-13 12:10:46.796+00', NULL, NULL, 'I have noted that for 59905.', NULL, NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 15, 'visitor', 'text', '019ffb08-36bd-7eab-bdec-411a657f9ae0', NULL, '2026-08-13 12:10:47.357+00', NULL, NULL, 'I ordered a chain lock, but something else was in the parcel. I have waited for more than a week now and heard nothing. What should I do now?', NULL, NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 16, 'agent', 'text', '019ffb08-377c-7687-8ce1-0406e05aab79', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-13 12:10:47.548+00', NULL, NULL, 'Let me have a look.', NULL, NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 17, 'visitor', 'text', '019ffb08-77af-72a6-aa2e-07ca5902b994', NULL, '2026-08-13 12:11:03.983+00', NULL, NULL, 'Yes please', NULL, NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 18, 'agent', 'text', '019ffb08-80ae-7950-acdf-f121ea103f30', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-13 12:11:06.286+00', NULL, NULL, 'I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.', NULL, NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 19, 'visitor', 'text', '019ffb08-87df-7f38-90db-6fe37415f0c8', NULL, '2026-08-13 12:11:08.127+00', NULL, NULL, 'My order 24862 has not arrived yet. I have waited for more than a week now and heard nothing.', NULL, NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 20, 'agent', 'text', '019ffb08-d1b2-7693-9a9b-add28ae0a9cb', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-13 12:11:27.026+00', NULL, NULL, 'Yes, the 28 inch wheel is in stock and can be with you tomorrow.', NULL, NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 21, 'visitor', 'text', '019ffb08-e617-7c43-9c6f-e9ae1aa4a9a6', NULL, '2026-08-13 12:11:32.247+00', NULL, NULL, 'Hello, a question about the child seat.', NULL, NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 22, 'agent', 'text', '019ffb08-f306-7195-8dde-7a4dff4fa6a0', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-13 12:11:35.558+00', NULL, NULL, 'I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.', NULL, NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 23, 'visitor', 'text', '019ffb09-097a-7cac-a36a-44f3cca0edf9', NULL, '2026-08-13 12:11:41.306+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL, NULL);
INSERT INTO public.messages_2026_08 VALUES
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 24, 'agent', 'text', '019ffb09-d288-72a8-9888-a5da8c3994cc', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-13 12:12:32.776+00', NULL, NULL, 'Yes, a pair of brake pads is in stock and can be with you tomorrow.', NULL, NULL),
	(3, '019ffb05-959c-7c85-9b3d-80a91c58ed4b', 25, 'agent', 'event', '019ffb09-d524-7dfc-8bbf-5f521c99e027', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-13 12:12:33.444+00', NULL, NULL, '', '{"type": "resolved"}', NULL);

INSERT INTO public.messages_2026_09 VALUES
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 1, 'visitor', 'text', '01a07f12-8d02-7242-a41f-191ec9af6e8c', NULL, '2026-09-08 03:31:57.314+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 2, 'agent', 'event', '01a07f12-af40-72c1-b0b0-55c329e4f7d6', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-08 03:32:06.08+00', NULL, NULL, '', '{"to": {"id": "016f5e66-e800-788b-811f-7ffa9af094ce", "name": "Greta"}, "type": "assigned"}', NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 3, 'agent', 'text', '01a07f12-e5d8-749c-ab76-80152bbfc90b', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-08 03:32:20.056+00', NULL, NULL, 'Have a nice day!', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 4, 'visitor', 'text', '01a07f12-ec72-723e-9b42-1049a6bd1d9b', NULL, '2026-09-08 03:32:21.746+00', NULL, NULL, 'My order 69292 has not arrived yet. I tried it on my phone and on my laptop, with the same result both times.', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 5, 'agent', 'text', '01a07f13-c15e-7175-ae67-6d9b9015e0cd', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-08 03:33:16.254+00', NULL, NULL, 'You are welcome! Is there anything else?', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 6, 'visitor', 'text', '01a07f13-ce5b-7809-95c7-57e79030a4db', NULL, '2026-09-08 03:33:19.579+00', NULL, NULL, 'No, the other one: number 28320.', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 7, 'agent', 'text', '01a07f1a-010e-761c-beea-14aad00cb0a5', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-08 03:40:05.774+00', NULL, NULL, 'Let me have a look.', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 8, 'visitor', 'text', '01a07f1b-32ba-7c5c-be81-976baebee0b7', NULL, '2026-09-08 03:41:24.026+00', NULL, NULL, 'No, the other one: number 75838.', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 9, 'agent', 'note', '01a07f1b-d035-7db4-85d8-7c2ce6a63add', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-08 03:42:04.341+00', NULL, NULL, 'Hi', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 10, 'agent', 'text', '01a07f1c-4f5a-7f8b-ad36-0ab97a35bd48', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-08 03:42:36.89+00', NULL, NULL, 'Please try it once more now. If it still does not work, tell me which browser you use, and I will pass it on by Friday.', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 11, 'visitor', 'text', '01a07f1f-85dc-7f8d-9d37-47854421e296', NULL, '2026-09-08 03:46:07.452+00', NULL, NULL, 'Hello, a question about a pair of brake pads.', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 12, 'visitor', 'text', '01a07f1f-d030-7dac-a86f-5f579e84e5ee', NULL, '2026-09-08 03:46:26.48+00', NULL, NULL, 'And if I need it at the end of the month? I tried it on my phone and on my laptop, with the same result both times.', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 13, 'agent', 'text', '01a07f22-1544-7ac8-9afc-b16c01c569ec', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-08 03:48:55.236+00', NULL, NULL, 'One moment please, I am asking a colleague.', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 14, 'agent', 'text', '01a07f23-240d-7f16-a86d-a2e61c96f3e1', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-08 03:50:04.557+00', NULL, NULL, 'I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 15, 'visitor', 'text', '01a07f23-5c92-7d4e-85d5-5ced98c0d203', NULL, '2026-09-08 03:50:19.026+00', NULL, NULL, 'ok', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 16, 'agent', 'text', '01a07f23-a313-7abf-a7d5-b38c1551985c', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-08 03:50:37.075+00', NULL, NULL, 'You are welcome! Is there anything else?', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 17, 'visitor', 'text', '01a07f23-ee82-7e44-abb1-8623fffd13f1', NULL, '2026-09-08 03:50:56.386+00', NULL, NULL, 'How much would the child seat cost, with delivery?', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 18, 'agent', 'text', '01a07f37-3d1d-78f0-ab7b-8d8389f6efaf', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-08 04:12:01.693+00', NULL, NULL, 'Yes, the child seat is in stock and can be with you next week.', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 19, 'visitor', 'text', '01a07f37-bb59-73bf-acca-7441d7793fea', NULL, '2026-09-08 04:12:34.009+00', NULL, NULL, 'That would be great, thank you!', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 20, 'agent', 'text', '01a07f37-d1b6-7da8-9afb-98c124ea4711', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-08 04:12:39.734+00', NULL, NULL, 'You are welcome! Is there anything else?', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 21, 'visitor', 'text', '01a07f39-5471-7cf8-8ce7-e16d017cffdf', NULL, '2026-09-08 04:14:18.737+00', NULL, NULL, 'How much would the child seat cost, with delivery?', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 22, 'agent', 'text', '01a07f44-4ff0-71eb-97cf-a2a6b7258f79', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-08 04:26:18.48+00', NULL, NULL, 'I have noted that for 66439.', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 23, 'visitor', 'text', '01a07f45-5ee2-7001-99af-739a1ebef30c', NULL, '2026-09-08 04:27:27.842+00', NULL, NULL, 'Can I send back the 28 inch wheel? I tried it on my phone and on my laptop, with the same result both times.', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 24, 'agent', 'text', '01a07f46-b275-7e07-8a1c-cf42b1733918', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-08 04:28:54.773+00', NULL, NULL, 'We can exchange the city bike without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office today.', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 25, 'visitor', 'text', '01a07f54-a34f-78da-a12d-10864761c6cd', NULL, '2026-09-08 04:44:08.399+00', NULL, NULL, 'I cannot pay: after I choose the card nothing happens. I have waited for more than a week now and heard nothing. My neighbour has the same one and is very happy with it, that is why I ask.', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 26, 'agent', 'text', '01a07f55-e2ba-78b1-a98d-2312fc49304e', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-08 04:45:30.17+00', NULL, NULL, 'Hello! How can I help?', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 27, 'visitor', 'text', '01a07f5c-fd1b-743e-a3f3-46ee64204c19', NULL, '2026-09-08 04:53:15.675+00', NULL, NULL, 'That would be great, thank you!', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 28, 'agent', 'text', '01a07f5e-6ca1-7c11-9b7a-f435c0861dec', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-08 04:54:49.761+00', NULL, NULL, 'Please try it once more now. If it still does not work, tell me which browser you use, and I will pass it on today.', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 29, 'visitor', 'text', '01a07f61-8ff1-7535-9a83-14eeb52d8c1b', NULL, '2026-09-08 04:58:15.409+00', NULL, NULL, 'I cannot pay: after I choose the card nothing happens. I have waited for more than a week now and heard nothing. I have waited for more than a week now and heard nothing.', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 30, 'agent', 'text', '01a07f62-1669-79a1-a8a0-e4235b2b859e', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-08 04:58:49.833+00', NULL, NULL, 'I found it: order 95179 left our house yesterday and should arrive at the end of the month. You will get a mail with a link to follow it.', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 31, 'visitor', 'text', '01a07f64-1872-76bf-8643-4bc0dd699fe6', NULL, '2026-09-08 05:01:01.426+00', NULL, NULL, 'Is the 28 inch wheel available at the end of the month?', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 32, 'agent', 'text', '01a07f68-99a7-75ab-8b45-787478bbb390', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-08 05:05:56.647+00', NULL, NULL, 'One moment please, I am asking a colleague.', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 33, 'visitor', 'text', '01a07f6d-4d3c-7e6c-8f87-d82cee195814', NULL, '2026-09-08 05:11:04.764+00', NULL, NULL, 'ok', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 34, 'visitor', 'text', '01a07f6d-560a-7ebe-ba35-ce37f6d55252', NULL, '2026-09-08 05:11:07.018+00', NULL, NULL, 'That would be great, thank you!', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 35, 'visitor', 'text', '01a07f6e-8fff-7f3f-b442-7e32cc6e4128', NULL, '2026-09-08 05:12:27.391+00', NULL, NULL, 'Hi', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 36, 'agent', 'text', '01a07f6f-253d-7bef-8e23-eb87a2c58946', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-08 05:13:05.597+00', NULL, NULL, 'Let me have a look.', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 37, 'agent', 'note', '01a07f70-5959-7e95-be70-cadb8e71609e', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-08 05:14:24.473+00', NULL, NULL, 'Hello, a question about the city bike.', NULL, NULL),
	(3, '01a07f12-8d02-7dec-9da5-18a99d10ab6e', 38, 'agent', 'event', '01a07f70-aafd-76b5-960a-4e7c05f60d58', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-08 05:14:45.373+00', NULL, NULL, '', '{"type": "resolved"}', NULL),
	(3, '01a0aad5-fcbb-7f2a-b02f-1fc0393d0458', 1, 'visitor', 'text', '01a0aad5-fcbb-78a5-b031-600b9c6b0731', NULL, '2026-09-16 15:29:05.723+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL, NULL),
	(3, '01a0aad5-fcbb-7f2a-b02f-1fc0393d0458', 2, 'agent', 'event', '01a0aad6-cbb4-7064-8c45-5d03491c0b59', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-09-16 15:29:58.708+00', NULL, NULL, '', '{"to": {"id": "016f5e66-e800-77f0-a0cb-8bfed019e6ba", "name": "Elif"}, "type": "assigned"}', NULL),
	(3, '01a0aad5-fcbb-7f2a-b02f-1fc0393d0458', 3, 'agent', 'text', '01a0aad7-7280-782b-b645-38d2bf927da1', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-09-16 15:30:41.408+00', NULL, NULL, 'I found it: order 83425 left our house yesterday and should arrive today. You will get a mail with a link to follow it.', NULL, NULL),
	(3, '01a0aad5-fcbb-7f2a-b02f-1fc0393d0458', 4, 'visitor', 'text', '01a0aad7-dcbd-7bbe-b4dc-ea99bde2bb10', NULL, '2026-09-16 15:31:08.605+00', NULL, NULL, 'Hello, a question about the child seat.', NULL, NULL),
	(3, '01a0aad5-fcbb-7f2a-b02f-1fc0393d0458', 5, 'agent', 'text', '01a0aad8-84db-7602-ad26-ec4591adc287', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-09-16 15:31:51.643+00', NULL, NULL, 'Yes, the city bike is in stock and can be with you by Friday.', NULL, NULL),
	(3, '01a0aad5-fcbb-7f2a-b02f-1fc0393d0458', 6, 'visitor', 'text', '01a0aad9-e532-7697-8f7b-07121c55f95f', NULL, '2026-09-16 15:33:21.842+00', NULL, NULL, 'My order 84377 has not arrived yet. I have waited for more than a week now and heard nothing.', NULL, NULL),
	(3, '01a0aad5-fcbb-7f2a-b02f-1fc0393d0458', 7, 'agent', 'text', '01a0aadb-477d-7d84-8a05-b58f6588c3ee', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-09-16 15:34:52.541+00', NULL, NULL, 'I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.', NULL, NULL),
	(3, '01a0aad5-fcbb-7f2a-b02f-1fc0393d0458', 8, 'visitor', 'text', '01a0aae3-3b80-7ea7-b095-a0c50ac90b90', NULL, '2026-09-16 15:43:33.76+00', NULL, NULL, 'No, the other one: number 18265.', NULL, NULL),
	(3, '01a0aad5-fcbb-7f2a-b02f-1fc0393d0458', 9, 'agent', 'text', '01a0aae3-f345-7e31-9da1-26c0c35ee3dc', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-09-16 15:44:20.805+00', NULL, NULL, 'One moment please, I am asking a colleague.', NULL, NULL),
	(3, '01a0aad5-fcbb-7f2a-b02f-1fc0393d0458', 10, 'agent', 'note', '01a0aae9-9799-7bb6-843a-bd4edcaaa27b', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-09-16 15:50:30.553+00', NULL, NULL, 'No, the other one: number 77477.', NULL, NULL),
	(3, '01a0aad5-fcbb-7f2a-b02f-1fc0393d0458', 11, 'agent', 'text', '01a0aae9-ad52-74c5-98a1-abd7a4298e44', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-09-16 15:50:36.114+00', NULL, NULL, 'Have a nice day!', NULL, NULL),
	(3, '01a0aad5-fcbb-7f2a-b02f-1fc0393d0458', 12, 'visitor', 'text', '01a0aaed-1885-762d-9491-207fa9b26c91', NULL, '2026-09-16 15:54:20.165+00', NULL, NULL, 'How much would the city bike cost, with delivery?', NULL, NULL);
INSERT INTO public.messages_2026_09 VALUES
	(3, '01a0aad5-fcbb-7f2a-b02f-1fc0393d0458', 13, 'agent', 'text', '01a0aaf1-51fd-7f80-aaf4-d580f2eb5032', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-09-16 15:58:57.021+00', NULL, NULL, 'You are welcome! Is there anything else?', NULL, NULL),
	(3, '01a0aad5-fcbb-7f2a-b02f-1fc0393d0458', 14, 'visitor', 'text', '01a0aaf4-4459-776b-828b-20b37d6b3a03', NULL, '2026-09-16 16:02:10.137+00', NULL, NULL, 'Yes please', NULL, NULL),
	(3, '01a0aad5-fcbb-7f2a-b02f-1fc0393d0458', 15, 'agent', 'text', '01a0aaf6-4c24-7816-9f9c-ba2858f34815', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-09-16 16:04:23.204+00', NULL, NULL, 'I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.', NULL, NULL),
	(3, '01a0aad5-fcbb-7f2a-b02f-1fc0393d0458', 16, 'visitor', 'text', '01a0aaf8-6b75-7c3e-8105-30ba6aacdeb1', NULL, '2026-09-16 16:06:42.293+00', NULL, NULL, 'Yes please', NULL, NULL),
	(3, '01a0aad5-fcbb-7f2a-b02f-1fc0393d0458', 17, 'agent', 'event', '01a0ab03-26f1-72ad-b900-afbbca2d5355', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-09-16 16:18:25.649+00', NULL, NULL, '', '{"type": "resolved"}', NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 1, 'visitor', 'text', '01a0beb3-f2e6-7c2c-ba83-15482e9e49ac', NULL, '2026-09-20 12:04:19.302+00', NULL, NULL, 'How much would a chain lock cost, with delivery?', NULL, NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 2, 'agent', 'event', '01a0beb4-2041-73ca-9567-aa88f7b70379', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-20 12:04:30.913+00', NULL, NULL, '', '{"to": {"id": "016f5e66-e800-7c4c-a070-4f999051a36e", "name": "Kofi"}, "type": "assigned"}', NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 3, 'visitor', 'text', '01a0beb4-4627-7823-a7cc-b41c72c5a0f5', NULL, '2026-09-20 12:04:40.615+00', NULL, NULL, 'No, the other one: number 71401.', NULL, NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 4, 'agent', 'text', '01a0beb4-a047-7ee2-b287-89ce278cfb00', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-20 12:05:03.687+00', NULL, NULL, 'One moment please, I am asking a colleague.', NULL, NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 5, 'visitor', 'text', '01a0beb4-a1f8-7556-a87c-815dd51b584f', NULL, '2026-09-20 12:05:04.12+00', NULL, NULL, 'How much would the city bike cost, with delivery?', NULL, NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 6, 'visitor', 'text', '01a0beb4-d3b3-7f65-b071-c1ee3d0c1f8a', NULL, '2026-09-20 12:05:16.851+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL, NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 7, 'agent', 'text', '01a0beb4-d660-74ef-bad1-3b0cee15c84c', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-20 12:05:17.536+00', NULL, NULL, 'We can exchange a pair of brake pads without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office before the weekend.', NULL, NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 8, 'visitor', 'text', '01a0beb5-8e60-73a9-81d0-3642b341f393', NULL, '2026-09-20 12:06:04.64+00', NULL, NULL, 'Yes please', NULL, NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 9, 'agent', 'text', '01a0beb5-c633-79e8-8f02-b030e81b8da7', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-20 12:06:18.931+00', NULL, NULL, 'Let me have a look.', NULL, NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 10, 'visitor', 'text', '01a0beb6-66b5-74d8-86fd-1fb467d24017', NULL, '2026-09-20 12:07:00.021+00', NULL, NULL, 'Hello, a question about a pair of brake pads.', NULL, NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 11, 'visitor', 'text', '01a0beb6-aa84-7ccd-96fc-dbe1c6b457bf', NULL, '2026-09-20 12:07:17.38+00', NULL, NULL, 'No, the other one: number 70237.', NULL, NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 12, 'agent', 'text', '01a0beb7-5025-78a8-b2ec-9a0987a6bbff', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-20 12:07:59.781+00', NULL, NULL, 'We can exchange a pair of brake pads without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office next week.', NULL, NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 13, 'visitor', 'text', '01a0beb7-b4b8-7433-92e3-ac5d04abd3ce', NULL, '2026-09-20 12:08:25.528+00', NULL, NULL, 'I cannot pay: after I choose the card nothing happens. I have waited for more than a week now and heard nothing. I tried it on my phone and on my laptop, with the same result both times.', NULL, NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 14, 'agent', 'text', '01a0beb8-4d80-785e-a536-4c24eb7e7074', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-20 12:09:04.64+00', NULL, NULL, 'I have noted that for 59905.', NULL, NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 15, 'visitor', 'text', '01a0beb8-6cb7-752d-84d2-3f384df713e0', NULL, '2026-09-20 12:09:12.631+00', NULL, NULL, 'I ordered a chain lock, but something else was in the parcel. I have waited for more than a week now and heard nothing. What should I do now?', NULL, NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 16, 'agent', 'text', '01a0beb9-20e1-7f06-bca4-37781eca5527', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-20 12:09:58.753+00', NULL, NULL, 'Let me have a look.', NULL, NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 17, 'visitor', 'text', '01a0beb9-286e-75b5-a70b-491b2705e9d9', NULL, '2026-09-20 12:10:00.686+00', NULL, NULL, 'Yes please', NULL, NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 18, 'agent', 'text', '01a0beb9-874b-7042-a32b-a6e6f0e8aa1e', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-20 12:10:24.971+00', NULL, NULL, 'I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.', NULL, NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 19, 'visitor', 'text', '01a0beb9-b053-7ed8-a4a2-1024258ae14e', NULL, '2026-09-20 12:10:35.475+00', NULL, NULL, 'My order 24862 has not arrived yet. I have waited for more than a week now and heard nothing.', NULL, NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 20, 'agent', 'text', '01a0beb9-f967-7655-93df-9fa67605f905', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-20 12:10:54.183+00', NULL, NULL, 'Yes, the 28 inch wheel is in stock and can be with you tomorrow.', NULL, NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 21, 'visitor', 'text', '01a0beba-0d62-7a5c-b8cc-4e33ae6831b2', NULL, '2026-09-20 12:10:59.298+00', NULL, NULL, 'Hello, a question about the child seat.', NULL, NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 22, 'agent', 'text', '01a0beba-5bd1-78ec-b638-c62b1abc412d', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-20 12:11:19.377+00', NULL, NULL, 'I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.', NULL, NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 23, 'visitor', 'text', '01a0beba-5db2-7e95-a891-024ab17370a0', NULL, '2026-09-20 12:11:19.858+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL, NULL),
	(3, '01a0beb3-f2e6-773b-8496-4fcf7a001a65', 24, 'agent', 'event', '01a0beba-6728-7840-91f4-f33dab60c66b', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-20 12:11:22.28+00', NULL, NULL, '', '{"type": "resolved"}', NULL);

INSERT INTO public.messages_2026_10 VALUES
	(3, '01a10e97-35e1-74cd-8d16-77cb8892982e', 1, 'visitor', 'text', '01a10e97-35e1-7e81-905d-bea6098198de', NULL, '2026-10-06 00:22:33.185+00', NULL, NULL, 'How much would a chain lock cost, with delivery?', NULL, NULL),
	(3, '01a10e97-35e1-74cd-8d16-77cb8892982e', 2, 'visitor', 'text', '01a10e97-a1ab-79ee-aa3f-d5fab33149df', NULL, '2026-10-06 00:23:00.779+00', NULL, NULL, 'No, the other one: number 71401.', NULL, NULL),
	(3, '01a10e97-35e1-74cd-8d16-77cb8892982e', 3, 'agent', 'text', '01a10e9d-f88a-7dbb-ab32-ca34917f5911', '016f5e66-e800-7d7f-9be7-c2d813b7a0a7', '2026-10-06 00:29:56.234+00', NULL, NULL, 'One moment please, I am asking a colleague.', NULL, NULL),
	(3, '01a10e97-35e1-74cd-8d16-77cb8892982e', 4, 'visitor', 'text', '01a10ea0-696d-72cf-b892-36fcbcf624f6', NULL, '2026-10-06 00:32:36.205+00', NULL, NULL, 'How much would the city bike cost, with delivery?', NULL, NULL),
	(3, '01a10e97-35e1-74cd-8d16-77cb8892982e', 5, 'visitor', 'text', '01a10ea1-eb53-7911-9dfa-13cadb556c23', NULL, '2026-10-06 00:34:14.995+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL, NULL),
	(3, '01a10e97-35e1-74cd-8d16-77cb8892982e', 6, 'agent', 'text', '01a10ea4-c396-7498-8d30-744b07b32d57', '016f5e66-e800-7d7f-9be7-c2d813b7a0a7', '2026-10-06 00:37:21.43+00', NULL, NULL, 'We can exchange a pair of brake pads without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office before the weekend.', NULL, NULL),
	(3, '01a10e97-35e1-74cd-8d16-77cb8892982e', 7, 'visitor', 'text', '01a10ea5-b2d1-7c2e-ac70-0caf57f7a0f4', NULL, '2026-10-06 00:38:22.673+00', NULL, NULL, 'Yes please', NULL, NULL),
	(3, '01a10e97-35e1-74cd-8d16-77cb8892982e', 8, 'agent', 'text', '01a10ea9-c3b3-77ba-930b-ea5d73b04d69', '016f5e66-e800-7d7f-9be7-c2d813b7a0a7', '2026-10-06 00:42:49.139+00', NULL, NULL, 'Let me have a look.', NULL, NULL),
	(3, '01a10e97-35e1-74cd-8d16-77cb8892982e', 9, 'visitor', 'text', '01a10eac-ba3f-768c-9bb7-2d6c5cac6fd0', NULL, '2026-10-06 00:46:03.327+00', NULL, NULL, 'Hello, a question about a pair of brake pads.', NULL, NULL),
	(3, '01a10e97-35e1-74cd-8d16-77cb8892982e', 10, 'visitor', 'text', '01a10eaf-5b58-707b-b34b-03f17a92c083', NULL, '2026-10-06 00:48:55.64+00', NULL, NULL, 'No, the other one: number 70237.', NULL, NULL),
	(3, '01a10e97-35e1-74cd-8d16-77cb8892982e', 11, 'agent', 'event', '01a10eaf-8333-7bad-bc22-7fe885574d79', '016f5e66-e800-7d7f-9be7-c2d813b7a0a7', '2026-10-06 00:49:05.843+00', NULL, NULL, '', '{"type": "resolved"}', NULL),
	(3, '01a11bf5-56b1-76f9-a8dc-5cf55921fb5b', 1, 'visitor', 'text', '01a11bf5-56b1-72b6-b96d-04df23aed000', NULL, '2026-10-08 14:40:25.777+00', NULL, NULL, 'How much would the city bike cost, with delivery?', NULL, NULL),
	(3, '01a11bf5-56b1-76f9-a8dc-5cf55921fb5b', 2, 'agent', 'event', '01a11bf7-cd05-7c81-877f-72c0df5c8477', '016f5e66-e800-79ec-bb16-406ca90b9f9a', '2026-10-08 14:43:07.141+00', NULL, NULL, '', '{"to": {"id": "016f5e66-e800-79ec-bb16-406ca90b9f9a", "name": "Ada"}, "type": "assigned"}', NULL),
	(3, '01a11bf5-56b1-76f9-a8dc-5cf55921fb5b', 3, 'agent', 'text', '01a11bf8-eb71-76ff-a5fc-be7b56482958', '016f5e66-e800-79ec-bb16-406ca90b9f9a', '2026-10-08 14:44:20.465+00', NULL, NULL, 'Yes, the city bike is in stock and can be with you today.', NULL, NULL),
	(3, '01a11bf5-56b1-76f9-a8dc-5cf55921fb5b', 4, 'visitor', 'text', '01a11c13-49ba-7b4e-b66c-0282ca0ac99e', NULL, '2026-10-08 15:13:08.538+00', NULL, NULL, 'I cannot pay: after I choose the card nothing happens. I have waited for more than a week now and heard nothing. The page says one thing and the mail that I got says another.', NULL, NULL),
	(3, '01a11bf5-56b1-76f9-a8dc-5cf55921fb5b', 5, 'agent', 'text', '01a11c14-05ff-7628-b92a-e9a4ee6b9432', '016f5e66-e800-79ec-bb16-406ca90b9f9a', '2026-10-08 15:13:56.735+00', NULL, NULL, 'I found it: order 94853 left our house yesterday and should arrive tomorrow. You will get a mail with a link to follow it.', NULL, NULL),
	(3, '01a11bf5-56b1-76f9-a8dc-5cf55921fb5b', 6, 'agent', 'text', '01a11c21-6ba2-7a24-b98f-e507317db532', '016f5e66-e800-79ec-bb16-406ca90b9f9a', '2026-10-08 15:28:34.722+00', NULL, NULL, 'Yes, the 28 inch wheel is in stock and can be with you today.', NULL, NULL),
	(3, '01a11bf5-56b1-76f9-a8dc-5cf55921fb5b', 7, 'visitor', 'text', '01a11c2c-7506-784d-9de8-f50f86c2ef7d', NULL, '2026-10-08 15:40:38.022+00', NULL, NULL, 'Is a chain lock available before the weekend?', NULL, NULL),
	(3, '01a13460-302b-7184-a94f-57eb70f7d52f', 1, 'visitor', 'text', '01a13460-302b-7d6c-a0a5-6b953bb24d8c', NULL, '2026-10-13 08:28:01.451+00', NULL, NULL, 'I ordered the 28 inch wheel, but something else was in the parcel. I have waited for more than a week now and heard nothing. What should I do now?', NULL, NULL),
	(3, '01a13460-302b-7184-a94f-57eb70f7d52f', 2, 'agent', 'event', '01a13461-345d-7a0a-a065-c969c7fc03de', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-10-13 08:29:08.061+00', NULL, NULL, '', '{"to": {"id": "016f5e66-e800-741f-aabd-88a4004057b1", "name": "Femi"}, "type": "assigned"}', NULL),
	(3, '01a13460-302b-7184-a94f-57eb70f7d52f', 3, 'agent', 'note', '01a13461-6622-7fff-9068-7ef976b0a0f7', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-10-13 08:29:20.802+00', NULL, NULL, 'Hello! How can I help?', NULL, NULL),
	(3, '01a13460-302b-7184-a94f-57eb70f7d52f', 4, 'visitor', 'text', '01a13466-1128-7bc4-a824-e43b64efdb62', NULL, '2026-10-13 08:34:26.728+00', NULL, NULL, 'Yes please', NULL, NULL),
	(3, '01a13460-302b-7184-a94f-57eb70f7d52f', 5, 'agent', 'text', '01a13466-2c44-7cda-bcf4-4e811bff639a', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-10-13 08:34:33.668+00', NULL, NULL, 'You are welcome! Is there anything else?', NULL, NULL),
	(3, '01a13460-302b-7184-a94f-57eb70f7d52f', 6, 'visitor', 'text', '01a13466-469c-75cb-b0a2-460c1e42502d', NULL, '2026-10-13 08:34:40.412+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL, NULL),
	(3, '01a13460-302b-7184-a94f-57eb70f7d52f', 7, 'visitor', 'text', '01a13466-5a06-7e5d-8a1e-c3d095a81792', NULL, '2026-10-13 08:34:45.382+00', NULL, NULL, 'I cannot pay: after I choose the card nothing happens. The page says one thing and the mail that I got says another. I have waited for more than a week now and heard nothing.', NULL, NULL),
	(3, '01a13460-302b-7184-a94f-57eb70f7d52f', 8, 'agent', 'event', '01a13467-4718-704c-96fc-b14529c22ffe', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-10-13 08:35:46.072+00', NULL, NULL, '', '{"type": "resolved"}', NULL),
	(3, '01a143db-40a9-7d53-a7b2-129337f6c2ca', 1, 'visitor', 'text', '01a143db-40a9-7adb-bcbf-cc93ffda411a', NULL, '2026-10-16 08:36:44.841+00', NULL, NULL, 'My order 83384 has not arrived yet. The page says one thing and the mail that I got says another.', NULL, NULL),
	(3, '01a143db-40a9-7d53-a7b2-129337f6c2ca', 2, 'agent', 'event', '01a143db-5cf1-71c5-b174-79a75346ac76', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-16 08:36:52.081+00', NULL, NULL, '', '{"to": {"id": "016f5e66-e800-77f0-a0cb-8bfed019e6ba", "name": "Elif"}, "type": "assigned"}', NULL),
	(3, '01a143db-40a9-7d53-a7b2-129337f6c2ca', 3, 'agent', 'text', '01a143db-d882-73e8-82e6-614af20fc42e', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-16 08:37:23.714+00', NULL, NULL, 'You are welcome! Is there anything else?', NULL, NULL),
	(3, '01a143db-40a9-7d53-a7b2-129337f6c2ca', 4, 'agent', 'event', '01a143dc-6d40-7743-9ae6-2d8649acd076', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-16 08:38:01.792+00', NULL, NULL, '', '{"type": "resolved"}', NULL),
	(3, '01a148a7-cbdd-77c6-a5e0-a01cf231b327', 1, 'visitor', 'text', '01a148a7-cbdd-7254-86c5-30cd908eec8d', NULL, '2026-10-17 06:58:38.685+00', NULL, NULL, 'No, the other one: number 56087.', NULL, NULL),
	(3, '01a148a7-cbdd-77c6-a5e0-a01cf231b327', 2, 'agent', 'event', '01a148a9-1b56-7b47-a9ed-75eb1e4b72be', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-10-17 07:00:04.566+00', NULL, NULL, '', '{"to": {"id": "016f5e66-e800-788b-811f-7ffa9af094ce", "name": "Greta"}, "type": "assigned"}', NULL),
	(3, '01a148a7-cbdd-77c6-a5e0-a01cf231b327', 3, 'agent', 'text', '01a148b8-935c-7186-95d1-7867dad4e194', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-10-17 07:16:58.332+00', NULL, NULL, 'Hello! How can I help?', NULL, NULL),
	(3, '01a148a7-cbdd-77c6-a5e0-a01cf231b327', 4, 'visitor', 'text', '01a148ba-3ba0-74fd-9e6d-3a3030268704', NULL, '2026-10-17 07:18:46.944+00', NULL, NULL, 'I ordered the city bike, but something else was in the parcel. My neighbour has the same one and is very happy with it, that is why I ask. What should I do now?', NULL, NULL),
	(3, '01a148a7-cbdd-77c6-a5e0-a01cf231b327', 5, 'agent', 'text', '01a148be-7ea4-7a3b-ad9e-c0f386fcf104', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-10-17 07:23:26.244+00', NULL, NULL, 'We can exchange the city bike without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office next week.', NULL, NULL),
	(3, '01a148a7-cbdd-77c6-a5e0-a01cf231b327', 6, 'visitor', 'text', '01a148bf-b12e-7940-a000-8946d2504096', NULL, '2026-10-17 07:24:44.718+00', NULL, NULL, 'ok', NULL, NULL),
	(3, '01a148a7-cbdd-77c6-a5e0-a01cf231b327', 7, 'agent', 'event', '01a148bf-ea94-727e-8ac0-2af3dda42a75', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-10-17 07:24:59.412+00', NULL, NULL, '', '{"type": "resolved"}', NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 1, 'visitor', 'text', '01a16b65-3864-7872-a6de-b381b4d45e75', NULL, '2026-10-24 00:52:38.116+00', NULL, NULL, 'How much would a pair of brake pads cost, with delivery?', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 2, 'agent', 'event', '01a16b65-65f6-720d-b836-ddd087852c94', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-24 00:52:49.782+00', NULL, NULL, '', '{"to": {"id": "016f5e66-e800-77f0-a0cb-8bfed019e6ba", "name": "Elif"}, "type": "assigned"}', NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 3, 'agent', 'text', '01a16b65-7933-744b-82e2-d48634c527c4', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-24 00:52:54.707+00', NULL, NULL, 'I found it: order 52571 left our house yesterday and should arrive at the end of the month. You will get a mail with a link to follow it.', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 4, 'agent', 'text', '01a16b6a-f7b7-79d0-8018-25647bd287b7', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-24 00:58:54.775+00', NULL, NULL, 'Yes, the child seat is in stock and can be with you by Friday.', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 5, 'visitor', 'text', '01a16b6b-5a08-7171-8689-2b70d51e3032', NULL, '2026-10-24 00:59:19.944+00', NULL, NULL, 'My order 89824 has not arrived yet. My neighbour has the same one and is very happy with it, that is why I ask.', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 6, 'agent', 'text', '01a16b6c-2d95-7471-9b5d-d525548f5a1e', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-24 01:00:14.101+00', NULL, NULL, 'I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 7, 'visitor', 'text', '01a16b6c-312f-7476-ab44-e0f648ef76ab', NULL, '2026-10-24 01:00:15.023+00', NULL, NULL, 'Can I send back the child seat? My neighbour has the same one and is very happy with it, that is why I ask.', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 8, 'agent', 'text', '01a16b6d-1055-7638-ac19-a50058686816', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-24 01:01:12.149+00', NULL, NULL, 'Hello! How can I help?', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 9, 'visitor', 'text', '01a16b6d-1dbd-7212-a706-d988d9775811', NULL, '2026-10-24 01:01:15.581+00', NULL, NULL, 'Can I send back the 28 inch wheel? It is a present, so it would have to arrive in time.', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 10, 'agent', 'text', '01a16b6d-25bf-7db9-b9c7-3498bbf1d5c6', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-24 01:01:17.631+00', NULL, NULL, 'Hello! How can I help?', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 11, 'visitor', 'text', '01a16b6d-4038-7822-897d-e158c42da950', NULL, '2026-10-24 01:01:24.408+00', NULL, NULL, 'I ordered a pair of brake pads, but something else was in the parcel. My neighbour has the same one and is very happy with it, that is why I ask. What should I do now?', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 12, 'agent', 'text', '01a16b6d-5560-7c4a-9944-5d6399c2445c', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-24 01:01:29.824+00', NULL, NULL, 'You are welcome! Is there anything else?', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 13, 'visitor', 'text', '01a16b6d-f593-77d9-b168-e56f95a17f1c', NULL, '2026-10-24 01:02:10.835+00', NULL, NULL, 'Hello, a question about the 28 inch wheel.', NULL, NULL);
INSERT INTO public.messages_2026_10 VALUES
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 14, 'agent', 'text', '01a16b6e-76a4-7476-a674-b93651b7ab76', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-24 01:02:43.876+00', NULL, NULL, 'Please try it once more now. If it still does not work, tell me which browser you use, and I will pass it on by Friday.', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 15, 'visitor', 'text', '01a16b6e-7d5e-7818-8466-2aa35ce94a80', NULL, '2026-10-24 01:02:45.598+00', NULL, NULL, 'Hello, a question about a pair of brake pads.', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 16, 'visitor', 'text', '01a16b6e-d144-72ec-acb4-4d4c0ad3a3d1', NULL, '2026-10-24 01:03:07.076+00', NULL, NULL, 'No, the other one: number 12737.', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 17, 'visitor', 'text', '01a16b70-2ef5-7bee-96a0-d19197586742', NULL, '2026-10-24 01:04:36.597+00', NULL, NULL, 'That would be great, thank you!', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 18, 'agent', 'text', '01a16b70-390b-7112-bd1f-0c1f30abf024', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-24 01:04:39.179+00', NULL, NULL, 'We can exchange the 28 inch wheel without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office by Friday.', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 19, 'agent', 'text', '01a16b70-7910-7146-b126-fe7f6ab12983', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-24 01:04:55.568+00', NULL, NULL, 'Yes, the city bike is in stock and can be with you by Friday.', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 20, 'visitor', 'text', '01a16b70-99eb-7089-a7fb-a1cdd85ccfa2', NULL, '2026-10-24 01:05:03.979+00', NULL, NULL, 'And if I need it next week? The page says one thing and the mail that I got says another.', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 21, 'agent', 'text', '01a16b80-447b-7dda-88fc-48035564b3a4', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-24 01:22:10.683+00', NULL, NULL, 'One moment please, I am asking a colleague.', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 22, 'visitor', 'text', '01a16b80-b84b-76b2-8db3-56f5eac68d18', NULL, '2026-10-24 01:22:40.331+00', NULL, NULL, 'ok', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 23, 'agent', 'text', '01a16b81-0539-7a7f-aed7-8fb8e40959ff', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-24 01:23:00.025+00', NULL, NULL, 'Let me have a look.', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 24, 'visitor', 'text', '01a16b81-22ba-775e-97fe-ff2fc41b8fc5', NULL, '2026-10-24 01:23:07.578+00', NULL, NULL, 'And if I need it next week? I have waited for more than a week now and heard nothing.', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 25, 'agent', 'text', '01a16b81-4dda-77aa-818c-b9ab5392d8ce', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-24 01:23:18.618+00', NULL, NULL, 'Hello! How can I help?', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 26, 'visitor', 'text', '01a16b87-6931-7abe-bb71-ddedd351637c', NULL, '2026-10-24 01:29:58.833+00', NULL, NULL, 'That would be great, thank you!', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 27, 'agent', 'text', '01a16b88-8262-7c5f-8dcf-b8c5da63c59e', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-24 01:31:10.818+00', NULL, NULL, 'We can exchange a chain lock without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office today.', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 28, 'visitor', 'text', '01a16b89-147c-7c40-8ef7-4e53a0b2506d', NULL, '2026-10-24 01:31:48.22+00', NULL, NULL, 'And if I need it next week? It is a present, so it would have to arrive in time.', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 29, 'agent', 'text', '01a16b89-23dd-74d2-a27c-6839454d8831', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-24 01:31:52.157+00', NULL, NULL, 'Have a nice day!', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 30, 'visitor', 'text', '01a16b89-26d1-77eb-aac5-2e32361d1d86', NULL, '2026-10-24 01:31:52.913+00', NULL, NULL, 'Is the city bike available today?', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 31, 'agent', 'text', '01a16b89-4791-7a62-b47c-ca31a8ce2e49', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-24 01:32:01.297+00', NULL, NULL, 'We can exchange a pair of brake pads without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office today.', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 32, 'visitor', 'text', '01a16b8c-1775-7f62-8bdc-49e73f359f21', NULL, '2026-10-24 01:35:05.589+00', NULL, NULL, 'ok', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 33, 'agent', 'text', '01a16b8c-c618-729b-867c-fb48e561e65d', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-24 01:35:50.296+00', NULL, NULL, 'Please try it once more now. If it still does not work, tell me which browser you use, and I will pass it on tomorrow.', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 34, 'agent', 'text', '01a16b8c-c80a-795e-bbe9-3ed9eafb1e84', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-24 01:35:50.794+00', NULL, NULL, 'One moment please, I am asking a colleague.', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 35, 'visitor', 'text', '01a16b8c-e615-7100-b3e9-f858eafd0495', NULL, '2026-10-24 01:35:58.485+00', NULL, NULL, 'I ordered the city bike, but something else was in the parcel. My neighbour has the same one and is very happy with it, that is why I ask. What should I do now?', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 36, 'agent', 'text', '01a16b8c-f11b-7a2c-b642-cb0735477686', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-24 01:36:01.307+00', NULL, NULL, 'I have noted that for 36367.', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 37, 'agent', 'text', '01a16b8d-53c2-7738-9672-9b893fbed20d', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-24 01:36:26.562+00', NULL, NULL, 'I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.', NULL, NULL),
	(3, '01a16b65-3864-733a-9b2c-f261b8a570e9', 38, 'agent', 'event', '01a16b8d-7187-77b4-91bb-ec2707ea250a', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-24 01:36:34.183+00', NULL, NULL, '', '{"type": "resolved"}', NULL);

INSERT INTO public.messages_2026_11 VALUES
	(1, '01a227b5-a15c-71b7-ac1c-130926eddcf1', 1, 'visitor', 'text', '01a227b5-a159-7387-a251-e7c6a9cfe058', NULL, '2026-11-29 14:29:04.483386+00', NULL, NULL, 'Is anybody there?', NULL, NULL),
	(1, '01a227b5-a15c-71b7-ac1c-130926eddcf1', 2, 'agent', 'text', '01a227b5-a1b9-79cf-aaff-2510342d0bc9', '01a227b5-a0a1-7851-a3e6-7d4e6ba55b2b', '2026-11-29 14:29:04.585839+00', NULL, NULL, 'Yes, how can I help?', NULL, NULL),
	(1, '01a227b5-a15c-71b7-ac1c-130926eddcf1', 3, 'visitor', 'text', '01a227b5-a1cc-76c6-98c8-445e1f3400bc', NULL, '2026-11-29 14:29:04.592439+00', NULL, NULL, 'Do you repair bicycles?', NULL, NULL),
	(1, '01a227b5-a1e0-717b-9fd5-3b68a2f7e07f', 2, 'agent', 'event', '01a227b5-a1e7-7e51-a7ba-d3fa3ae10164', '01a227b5-a0a1-7851-a3e6-7d4e6ba55b2b', '2026-11-29 14:29:04.616025+00', NULL, NULL, '', '{"to": {"id": "01a227b5-a0a1-7851-a3e6-7d4e6ba55b2b", "name": "Ben Agent"}, "type": "assigned"}', NULL),
	(1, '01a227b5-a1e0-717b-9fd5-3b68a2f7e07f', 4, 'agent', 'event', '01a227b5-a1fc-7a40-851e-118eb70a4cdb', '01a227b5-a0a1-7851-a3e6-7d4e6ba55b2b', '2026-11-29 14:29:04.636572+00', NULL, NULL, '', '{"type": "resolved"}', NULL),
	(1, '01a227b5-a1e0-717b-9fd5-3b68a2f7e07f', 5, 'agent', 'event', '01a227b5-a202-7c2f-9da1-954558caf779', '01a227b5-a0a1-7851-a3e6-7d4e6ba55b2b', '2026-11-29 14:29:04.642588+00', NULL, NULL, '', '{"type": "reopened"}', NULL),
	(1, '01a227b5-a1e0-717b-9fd5-3b68a2f7e07f', 6, 'agent', 'text', '01a227b5-a205-700e-8dbf-dc16bec12d7a', '01a227b5-a0a1-7851-a3e6-7d4e6ba55b2b', '2026-11-29 14:29:04.649438+00', NULL, NULL, 'It is on its way to you.', NULL, NULL),
	(1, '01a227b5-a23d-7b00-a4e4-2526d80f52c2', 1, 'visitor', 'text', '01a227b5-a23a-7df5-ab79-be0bfb70b95c', NULL, '2026-11-29 14:29:04.701966+00', NULL, NULL, 'Please forget this.', NULL, NULL),
	(1, '01a227b5-a1e0-717b-9fd5-3b68a2f7e07f', 1, 'visitor', 'text', '01a227b5-a1de-7da2-84aa-ac658ce8620a', NULL, '2026-11-29 14:29:04.60916+00', NULL, '2026-11-29 14:29:04.706382+00', 'Where is my parcel?', NULL, NULL),
	(1, '01a227b5-a1e0-717b-9fd5-3b68a2f7e07f', 3, 'agent', 'note', '01a227b5-a1ee-7b54-9c48-af8108211b05', '01a227b5-a0a1-7851-a3e6-7d4e6ba55b2b', '2026-11-29 14:29:04.62643+00', '2026-11-29 14:29:04.706382+00', NULL, 'Ask the warehouse', NULL, NULL),
	(3, '01a1b9c3-fe16-7df5-8810-2b1b336764de', 1, 'visitor', 'text', '01a1b9c3-fe16-7725-a79b-6d80dba968f2', NULL, '2026-11-08 06:06:31.958+00', NULL, NULL, 'Hello, a question about a pair of brake pads.', NULL, NULL),
	(3, '01a1b9c3-fe16-7df5-8810-2b1b336764de', 2, 'agent', 'event', '01a1b9c5-907a-7034-af4f-1eae427ea580', '016f5e66-e800-794a-bc33-46cac3895239', '2026-11-08 06:08:14.97+00', NULL, NULL, '', '{"type": "resolved"}', NULL),
	(3, '01a1c5b2-f741-77fe-8dea-0833f17ab2d9', 1, 'visitor', 'text', '01a1c5b2-f741-74e8-bb39-a27e6a91ee5b', NULL, '2026-11-10 13:43:22.689+00', NULL, NULL, 'ok', NULL, NULL),
	(3, '01a1c5b2-f741-77fe-8dea-0833f17ab2d9', 2, 'visitor', 'text', '01a1c5b3-2fa3-7ff8-868c-6a3aa07bee7b', NULL, '2026-11-10 13:43:37.123+00', NULL, NULL, 'Can I send back the 28 inch wheel? My neighbour has the same one and is very happy with it, that is why I ask.', NULL, NULL),
	(3, '01a1c5b2-f741-77fe-8dea-0833f17ab2d9', 3, 'visitor', 'text', '01a1c5b3-43a4-7ff1-87c7-57c32c00fa92', NULL, '2026-11-10 13:43:42.244+00', NULL, NULL, 'Hi', NULL, NULL),
	(3, '01a1c5b2-f741-77fe-8dea-0833f17ab2d9', 4, 'visitor', 'text', '01a1c5b5-01d1-72f6-a5af-6af74099926d', NULL, '2026-11-10 13:45:36.465+00', NULL, NULL, 'I ordered a pair of brake pads, but something else was in the parcel. It is a present, so it would have to arrive in time. What should I do now?', NULL, NULL),
	(3, '01a1c5b2-f741-77fe-8dea-0833f17ab2d9', 5, 'visitor', 'text', '01a1c5b5-0f89-7ab8-b73b-ae2db51411ea', NULL, '2026-11-10 13:45:39.977+00', NULL, NULL, 'Hello, a question about the city bike.', NULL, NULL),
	(3, '01a1c5b2-f741-77fe-8dea-0833f17ab2d9', 6, 'visitor', 'text', '01a1c5b7-2fb6-7db3-a659-9ee482a46eca', NULL, '2026-11-10 13:47:59.286+00', NULL, NULL, 'How much would a pair of brake pads cost, with delivery?', NULL, NULL),
	(3, '01a1c5b2-f741-77fe-8dea-0833f17ab2d9', 7, 'visitor', 'text', '01a1c5ba-d746-76cd-aebf-95b51afb4b5d', NULL, '2026-11-10 13:51:58.79+00', NULL, NULL, 'Is a chain lock available today?', NULL, NULL),
	(3, '01a1c5b2-f741-77fe-8dea-0833f17ab2d9', 8, 'visitor', 'text', '01a1c5bc-0d53-747e-a271-5c14021c2d1c', NULL, '2026-11-10 13:53:18.163+00', NULL, NULL, 'I ordered a chain lock, but something else was in the parcel. I have waited for more than a week now and heard nothing. What should I do now?', NULL, NULL),
	(3, '01a1c5b2-f741-77fe-8dea-0833f17ab2d9', 9, 'visitor', 'text', '01a1c5bc-a9f9-72f6-9c20-bc445860e6b4', NULL, '2026-11-10 13:53:58.265+00', NULL, NULL, 'ok', NULL, NULL),
	(3, '01a1c5b2-f741-77fe-8dea-0833f17ab2d9', 10, 'visitor', 'text', '01a1c5bd-5814-7e00-acd5-aea6d99d4281', NULL, '2026-11-10 13:54:42.836+00', NULL, NULL, 'That would be great, thank you!', NULL, NULL),
	(3, '01a1c5b2-f741-77fe-8dea-0833f17ab2d9', 11, 'visitor', 'text', '01a1c5bd-cb5e-797d-a842-f37e9e6549df', NULL, '2026-11-10 13:55:12.35+00', NULL, NULL, 'My order 45844 has not arrived yet. My neighbour has the same one and is very happy with it, that is why I ask.', NULL, NULL),
	(3, '01a1c5b2-f741-77fe-8dea-0833f17ab2d9', 12, 'visitor', 'text', '01a1c5be-13ba-7519-93d2-5b3b08055642', NULL, '2026-11-10 13:55:30.874+00', NULL, NULL, 'That would be great, thank you!', NULL, NULL),
	(3, '01a1c5b2-f741-77fe-8dea-0833f17ab2d9', 13, 'visitor', 'text', '01a1c5bf-40e8-7a39-8381-3997c3b9268e', NULL, '2026-11-10 13:56:47.976+00', NULL, NULL, 'Yes please', NULL, NULL),
	(3, '01a1c5b2-f741-77fe-8dea-0833f17ab2d9', 14, 'visitor', 'text', '01a1c5bf-7e89-7ca5-aee5-b3bdd7d46604', NULL, '2026-11-10 13:57:03.753+00', NULL, NULL, 'How much would the child seat cost, with delivery?', NULL, NULL),
	(3, '01a1c5b2-f741-77fe-8dea-0833f17ab2d9', 15, 'visitor', 'text', '01a1c5c0-1ae2-7660-9be6-e8832c329bd3', NULL, '2026-11-10 13:57:43.778+00', NULL, NULL, 'No, the other one: number 19002.', NULL, NULL),
	(3, '01a1c5b2-f741-77fe-8dea-0833f17ab2d9', 16, 'visitor', 'text', '01a1c5c0-3c29-7f06-a254-e04459ecd63d', NULL, '2026-11-10 13:57:52.297+00', NULL, NULL, 'Is the city bike available before the weekend?', NULL, NULL),
	(3, '01a1c5b2-f741-77fe-8dea-0833f17ab2d9', 17, 'visitor', 'text', '01a1c5c3-0856-7d6e-9545-27226c84ac32', NULL, '2026-11-10 14:00:55.638+00', NULL, NULL, 'That would be great, thank you!', NULL, NULL),
	(3, '01a1c5b2-f741-77fe-8dea-0833f17ab2d9', 18, 'visitor', 'text', '01a1c5c3-7e57-7d4c-84f2-ccdf8519bc34', NULL, '2026-11-10 14:01:25.847+00', NULL, NULL, 'Hi', NULL, NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 1, 'visitor', 'text', '01a1fa1d-7eb0-7eca-8ed9-41cc51eb828c', NULL, '2026-11-20 17:59:59.408+00', NULL, NULL, 'Can I send back a pair of brake pads? I have waited for more than a week now and heard nothing.', NULL, NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 2, 'agent', 'event', '01a1fa1d-96d0-7faf-b170-c47fcf4f0239', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 18:00:05.584+00', NULL, NULL, '', '{"to": {"id": "016f5e66-e800-741f-aabd-88a4004057b1", "name": "Femi"}, "type": "assigned"}', NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 3, 'visitor', 'text', '01a1fa1d-d00a-7e05-a102-4a1b69e8dd30', NULL, '2026-11-20 18:00:20.234+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL, NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 4, 'agent', 'text', '01a1fa1d-eb71-70c6-8147-0ecfd40bb6e8', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 18:00:27.249+00', NULL, NULL, 'I found it: order 18868 left our house yesterday and should arrive by Friday. You will get a mail with a link to follow it.', NULL, NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 5, 'agent', 'text', '01a1fa1d-fc22-71fb-bd4b-82cc6f2eaf9f', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 18:00:31.522+00', NULL, NULL, 'Yes, the child seat is in stock and can be with you today.', NULL, NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 6, 'visitor', 'text', '01a1fa1d-ffff-78e6-bc14-c6ab6eef39b9', NULL, '2026-11-20 18:00:32.511+00', NULL, NULL, 'Is the child seat available today?', NULL, NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 7, 'agent', 'text', '01a1fa1e-7666-7d08-9506-fb2aa0d0d4d0', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 18:01:02.822+00', NULL, NULL, 'One moment please, I am asking a colleague.', NULL, NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 8, 'agent', 'text', '01a1fa1f-0190-72b4-aa48-e6675fca8af6', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 18:01:38.448+00', NULL, NULL, 'Yes, the 28 inch wheel is in stock and can be with you at the end of the month.', NULL, NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 9, 'visitor', 'text', '01a1fa1f-241f-7e61-810b-f298562aaa68', NULL, '2026-11-20 18:01:47.295+00', NULL, NULL, 'How much would the child seat cost, with delivery?', NULL, NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 10, 'agent', 'text', '01a1fa1f-2b7e-76e5-9d84-0eaf5c00b09b', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 18:01:49.182+00', NULL, NULL, 'One moment please, I am asking a colleague.', NULL, NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 11, 'visitor', 'text', '01a1fa20-d535-7b01-8436-47149256b987', NULL, '2026-11-20 18:03:38.165+00', NULL, NULL, 'I ordered the 28 inch wheel, but something else was in the parcel. I tried it on my phone and on my laptop, with the same result both times. What should I do now?', NULL, NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 12, 'visitor', 'text', '01a1fa21-374b-7f74-8b6e-24a3b29d718a', NULL, '2026-11-20 18:04:03.275+00', NULL, NULL, 'Yes please', NULL, NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 13, 'agent', 'text', '01a1fa21-431c-7af2-ab67-708d1af4bc44', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 18:04:06.3+00', NULL, NULL, 'Yes, a chain lock is in stock and can be with you before the weekend.', NULL, NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 14, 'visitor', 'text', '01a1fa22-61cd-7839-9548-753815ae6e7c', NULL, '2026-11-20 18:05:19.693+00', NULL, NULL, 'No, the other one: number 53906.', NULL, NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 15, 'agent', 'text', '01a1fa22-69f9-75b0-ad75-dd21a2e910a3', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 18:05:21.785+00', NULL, NULL, 'I found it: order 57331 left our house yesterday and should arrive before the weekend. You will get a mail with a link to follow it.', NULL, NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 16, 'visitor', 'text', '01a1fa22-8586-733e-b891-abe2e808a708', NULL, '2026-11-20 18:05:28.838+00', NULL, NULL, 'No, the other one: number 41552.', NULL, NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 17, 'agent', 'text', '01a1fa22-c190-7506-bafc-dfe3eb9ce2cf', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 18:05:44.208+00', NULL, NULL, 'We can exchange a pair of brake pads without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office by Friday.', NULL, NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 18, 'visitor', 'text', '01a1fa22-cd4a-7f75-8a0a-e49e24280bc3', NULL, '2026-11-20 18:05:47.21+00', NULL, NULL, 'I ordered the child seat, but something else was in the parcel. The page says one thing and the mail that I got says another. What should I do now?', NULL, NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 19, 'agent', 'text', '01a1fa22-d390-7711-b777-e259d8e5fb2c', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 18:05:48.816+00', NULL, NULL, 'Hello! How can I help?', NULL, NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 20, 'visitor', 'text', '01a1fa23-68a5-7e10-9b99-df88c5446e58', NULL, '2026-11-20 18:06:26.981+00', NULL, NULL, 'That would be great, thank you!', NULL, NULL);
INSERT INTO public.messages_2026_11 VALUES
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 21, 'visitor', 'text', '01a1fa26-7adf-7c77-8e6c-cf79a4dad5b9', NULL, '2026-11-20 18:09:48.255+00', NULL, NULL, 'I ordered a chain lock, but something else was in the parcel. The page says one thing and the mail that I got says another. What should I do now?', NULL, NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 22, 'visitor', 'text', '01a1fa26-dffe-7c01-909e-38eee9a96966', NULL, '2026-11-20 18:10:14.142+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL, NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 23, 'visitor', 'text', '01a1fa26-ecda-7b9e-b7e4-0ce269735482', NULL, '2026-11-20 18:10:17.434+00', NULL, NULL, 'Can I send back a chain lock? My neighbour has the same one and is very happy with it, that is why I ask.', NULL, NULL),
	(3, '01a1fa1d-7eb0-741e-8814-aa60bea1252b', 24, 'agent', 'text', '01a1fa26-fafd-7adf-af13-4324cd538b81', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 18:10:21.053+00', NULL, NULL, 'We can exchange a chain lock without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office at the end of the month.', NULL, NULL);

INSERT INTO public.pgmigrations VALUES
	(1, '0001_chat', '2026-11-29 14:28:58.457883'),
	(2, '0002_access_paths', '2026-11-29 14:28:58.90173'),
	(3, '0003_partitions', '2026-11-29 14:28:58.90325'),
	(4, '0004_message_ids', '2026-11-29 14:28:58.923319'),
	(5, '0005_message_ids_before', '2026-11-29 14:28:58.927'),
	(6, '0006_tags', '2026-11-29 14:28:58.938411'),
	(7, '0007_audit_log', '2026-11-29 14:28:58.959555'),
	(8, '0008_changed_messages', '2026-11-29 14:28:58.972937'),
	(9, '0009_changed_messages_indexes', '2026-11-29 14:28:59.018684'),
	(10, '0010_member_names', '2026-11-29 14:28:59.023091'),
	(11, '0011_member_names_filled', '2026-11-29 14:28:59.057145'),
	(12, '0012_former_members', '2026-11-29 14:28:59.062589'),
	(13, '0013_memberships_of_user', '2026-11-29 14:28:59.079536'),
	(14, '0014_hot_conversations', '2026-11-29 14:28:59.089538'),
	(15, '0015_hot_conversations_indexes', '2026-11-29 14:28:59.155569'),
	(16, '0016_partitions_schema', '2026-11-29 14:28:59.156807'),
	(17, '0017_trash', '2026-11-29 14:28:59.158413');

INSERT INTO public.sessions VALUES
	('01a227b5-9a44-7e27-919d-edacffbbe6a6', '01a227b5-998f-7cf7-b212-75603311ae6c', 'cIOW1rVC3umH2av8oTz3yEP0wuqqzCfZ', '2026-12-29 14:29:02.659+00', '', 'node', '2026-11-29 14:29:02.659+00', '2026-11-29 14:29:02.659+00'),
	('01a227b5-a0cb-7081-805e-33cb1a44ca3d', '01a227b5-a0a1-7851-a3e6-7d4e6ba55b2b', 'NfkJbVj8bgH2PIz5fs3KcRyboCDBtstG', '2026-12-29 14:29:04.33+00', '', 'node', '2026-11-29 14:29:04.33+00', '2026-11-29 14:29:04.33+00');

INSERT INTO public.tags VALUES
	(1, '01a227b5-a26e-7df0-980d-c43e207d8a5c', 'Refund', '#3457d5', '2026-11-29 14:29:04.741212+00');

INSERT INTO public.users VALUES
	('01a227b5-998f-7cf7-b212-75603311ae6c', 'Olga Owner', 'olga@shop.example', false, NULL, '2026-11-29 14:29:02.478418+00', '2026-11-29 14:29:02.478418+00'),
	('01a227b5-a0a1-7851-a3e6-7d4e6ba55b2b', 'Ben Agent', '7da8dc2e0a28@team.example', false, NULL, '2026-11-29 14:29:04.27971+00', '2026-11-29 14:29:04.27971+00'),
	('016f5e66-e800-79ec-bb16-406ca90b9f9a', 'Ada', 'ada@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-7a94-a873-1991bbf719dc', 'Bo', 'bo@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-73a8-b051-083e4a8356e7', 'Chiara', 'chiara@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-7d7f-9be7-c2d813b7a0a7', 'Dmitri', 'dmitri@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-77f0-a0cb-8bfed019e6ba', 'Elif', 'elif@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-741f-aabd-88a4004057b1', 'Femi', 'femi@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-788b-811f-7ffa9af094ce', 'Greta', 'greta@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-73f2-b0f3-b4fbb7caaa64', 'Hugo', 'hugo@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-794a-bc33-46cac3895239', 'Ines', 'ines@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-77c4-a1b0-05ee2d81a1b3', 'Jun', 'jun@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-7c4c-a070-4f999051a36e', 'Kofi', 'kofi@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-7a3c-b3dd-7e67805ed5fd', 'Lena', 'lena@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-7fa3-992a-b16dd8f38c4d', 'Mateo', 'mateo@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-710f-a290-dc232b001cd2', 'Noor', 'noor@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-7244-932b-4cd090cd432a', 'Olga', 'olga@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-7c69-8deb-2305fc8af67d', 'Pavel', 'pavel@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-7e7c-9a9a-522f0e3f1573', 'Quinn', 'quinn@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-7130-a9fe-d94cabd49f1b', 'Rosa', 'rosa@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-77f6-b416-3f50d7717d60', 'Sven', 'sven@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-7e9b-bc0f-4dc0bee0ba0b', 'Tala', 'tala@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-72eb-af46-343cf9a50948', 'Uma', 'uma@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-7ac3-bc19-a0f97e704306', 'Viktor', 'viktor@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-7117-a175-5e21f15f61ae', 'Wanda', 'wanda@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'),
	('016f5e66-e800-779c-9b00-d4f182a3f1ab', 'Yara', 'yara@generated-agents.example', false, NULL, '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00');

INSERT INTO public.verifications VALUES
	('d972ddc8-aea3-4244-9feb-aee013469de7', 'reset:olga@shop.example', 'expired', '2026-11-28 14:29:04.708934+00', '2026-11-29 14:29:04.708934+00', '2026-11-29 14:29:04.708934+00');

INSERT INTO public.visitors VALUES
	(1, '01a227b5-a13c-75af-9a78-3edb883edf23', NULL, NULL, NULL, '{}', 'https://shop.example/bikes', NULL, 'node', '*', '2026-11-29 14:29:04.483386+00', '2026-11-29 14:29:04.483386+00', NULL),
	(1, '01a227b5-a1dc-7432-91bb-f97072941342', 'customer-1', 'Carla Customer', NULL, '{}', 'https://shop.example/bikes', NULL, 'node', '*', '2026-11-29 14:29:04.60916+00', '2026-11-29 14:29:04.60916+00', NULL),
	(1, '01a227b5-a227-732e-b3d6-ab902d9c88b3', NULL, NULL, NULL, '{}', 'https://shop.example/bikes', NULL, 'node', '*', '2026-11-29 14:29:04.701966+00', '2026-11-29 14:29:04.701966+00', NULL),
	(3, '019ffb05-959c-7d3d-b7ac-73b6d6ec5ea0', NULL, NULL, NULL, '{}', 'https://shop-1.example/products/77', 'products/77', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 'en', '2026-08-13 12:07:55.036+00', '2026-08-13 12:12:33.444+00', NULL),
	(3, '01a0aad5-fcbb-7973-b821-2db5d0a95ef1', 'customer-3', 'Alice Owen', 'alice.owen.3@visitors.example', '{}', 'https://shop-1.example/pricing', 'pricing', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 'es', '2026-09-16 15:29:05.723+00', '2026-09-16 16:18:25.649+00', NULL),
	(3, '01a0beb3-f2e6-77f7-8c46-85983f4b2508', NULL, 'Emma Foster', 'emma.foster.4@visitors.example', '{}', 'https://shop-1.example/help/delivery', 'help/delivery', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', 'de', '2026-09-20 12:04:19.302+00', '2026-09-20 12:11:22.28+00', NULL),
	(3, '019fd459-4425-7d80-a22f-463dcb9612b8', NULL, NULL, NULL, '{}', 'https://shop-1.example/products/77', 'products/77', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', 'de', '2026-08-05 23:54:07.781+00', '2026-09-08 05:14:45.373+00', NULL),
	(3, '01a10e97-35e1-7c5c-9c95-bc91c50670c5', NULL, NULL, NULL, '{}', 'https://shop-1.example/help/delivery', 'help/delivery', 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0', 'en-GB', '2026-10-06 00:22:33.185+00', '2026-10-06 00:49:05.843+00', NULL),
	(3, '01a11bf5-56b1-7e41-9979-ab4786b4385b', NULL, NULL, NULL, '{}', 'https://shop-1.example/pricing', 'pricing', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 'de', '2026-10-08 14:40:25.777+00', '2026-10-08 15:40:38.022+00', NULL),
	(3, '01a13460-302b-72ba-a45e-f855e325a4e8', NULL, NULL, NULL, '{}', 'https://shop-1.example/contact', 'contact', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', 'es', '2026-10-13 08:28:01.451+00', '2026-10-13 08:35:46.072+00', NULL),
	(3, '01a143db-40a9-795c-b1b4-4d9600bef7bc', NULL, NULL, NULL, '{}', 'https://shop-1.example/cart', 'cart', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 'es', '2026-10-16 08:36:44.841+00', '2026-10-16 08:38:01.792+00', NULL),
	(3, '01a148a7-cbdd-78a9-a2a7-90e50c43ea7c', NULL, 'Clara Foster', 'clara.foster.9@visitors.example', '{}', 'https://shop-1.example/pricing', 'pricing', 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0', 'fr', '2026-10-17 06:58:38.685+00', '2026-10-17 07:24:59.412+00', NULL),
	(3, '01a16b65-3864-7830-8b2b-eb5b0ebb6871', NULL, NULL, NULL, '{}', 'https://shop-1.example/help/delivery', 'help/delivery', 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0', 'pt-BR', '2026-10-24 00:52:38.116+00', '2026-10-24 01:36:34.183+00', NULL),
	(3, '01a1b9c3-fe16-7367-9af8-d67c58e4b2fe', NULL, NULL, NULL, '{}', 'https://shop-1.example/pricing', 'pricing', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 'de', '2026-11-08 06:06:31.958+00', '2026-11-08 06:08:14.97+00', NULL),
	(3, '01a1c5b2-f741-7d05-8df2-89c7f01ff22e', NULL, NULL, NULL, '{}', 'https://shop-1.example/products/77', 'products/77', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', 'fr', '2026-11-10 13:43:22.689+00', '2026-11-10 14:01:25.847+00', NULL),
	(3, '01a1fa1d-7eb0-7bec-ac21-93edd780cc8b', NULL, 'Ben Moore', 'ben.moore.13@visitors.example', '{}', 'https://shop-1.example/products/1042', 'products/1042', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 'pt-BR', '2026-11-20 17:59:59.408+00', '2026-11-20 18:10:21.053+00', NULL);

INSERT INTO public.websites OVERRIDING SYSTEM VALUE VALUES
	(1, 'Shop', '_sPpibuBydXnTlaV', 'r-xxLcRIqMS5dDNxpmsUU5cC1n0Ne6tobBIPp0LCjtE', '{https://shop.example}', '{}', '2026-11-29 14:29:02.478418+00'),
	(2, 'Second shop', 'HZKYJq2YPa-aV1Tm', 'XcCsM_zS_X-D8xqVajXpHrZdXEAMzGWYpr0C-OwZptY', '{https://shop.example}', '{}', '2026-11-29 14:29:04.425236+00'),
	(3, 'Bicycles & Parts', 'generated-1', 'AAAAAAAAfty5DOv4q5OfKQ', '{https://shop-1.example}', '{}', '2026-07-29 14:29:07.605+00');

SELECT pg_catalog.setval('prochat_jobs.job_queues_id_seq', 1, false);

SELECT pg_catalog.setval('prochat_jobs.jobs_id_seq1', 1, true);

SELECT pg_catalog.setval('prochat_jobs.tasks_id_seq', 6, true);

SELECT pg_catalog.setval('public.pgmigrations_id_seq', 17, true);

SELECT pg_catalog.setval('public.websites_id_seq', 3, true);

ALTER TABLE ONLY prochat_jobs._private_job_queues
    ADD CONSTRAINT job_queues_pkey1 PRIMARY KEY (id);

ALTER TABLE ONLY prochat_jobs._private_job_queues
    ADD CONSTRAINT job_queues_queue_name_key UNIQUE (queue_name);

ALTER TABLE ONLY prochat_jobs._private_jobs
    ADD CONSTRAINT jobs_key_key1 UNIQUE (key);

ALTER TABLE ONLY prochat_jobs._private_jobs
    ADD CONSTRAINT jobs_pkey1 PRIMARY KEY (id);

ALTER TABLE ONLY prochat_jobs._private_known_crontabs
    ADD CONSTRAINT known_crontabs_pkey PRIMARY KEY (identifier);

ALTER TABLE ONLY prochat_jobs.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY prochat_jobs._private_tasks
    ADD CONSTRAINT tasks_identifier_key UNIQUE (identifier);

ALTER TABLE ONLY prochat_jobs._private_tasks
    ADD CONSTRAINT tasks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (website_id, id);

ALTER TABLE ONLY public.conversation_tags
    ADD CONSTRAINT conversation_tags_pkey PRIMARY KEY (website_id, conversation_id, tag_id);

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_pkey PRIMARY KEY (website_id, id);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (website_id, id);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_website_id_token_hash_key UNIQUE (website_id, token_hash);

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_pkey PRIMARY KEY (website_id, user_id);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (website_id, conversation_id, seq);

ALTER TABLE ONLY public.messages_2026_07
    ADD CONSTRAINT messages_2026_07_pkey PRIMARY KEY (website_id, conversation_id, seq);

ALTER TABLE ONLY public.messages_2026_08
    ADD CONSTRAINT messages_2026_08_pkey PRIMARY KEY (website_id, conversation_id, seq);

ALTER TABLE ONLY public.messages_2026_09
    ADD CONSTRAINT messages_2026_09_pkey PRIMARY KEY (website_id, conversation_id, seq);

ALTER TABLE ONLY public.messages_2026_10
    ADD CONSTRAINT messages_2026_10_pkey PRIMARY KEY (website_id, conversation_id, seq);

ALTER TABLE ONLY public.messages_2026_11
    ADD CONSTRAINT messages_2026_11_pkey PRIMARY KEY (website_id, conversation_id, seq);

ALTER TABLE ONLY public.messages_2026_12
    ADD CONSTRAINT messages_2026_12_pkey PRIMARY KEY (website_id, conversation_id, seq);

ALTER TABLE ONLY public.messages_2027_01
    ADD CONSTRAINT messages_2027_01_pkey PRIMARY KEY (website_id, conversation_id, seq);

ALTER TABLE ONLY public.messages_2027_02
    ADD CONSTRAINT messages_2027_02_pkey PRIMARY KEY (website_id, conversation_id, seq);

ALTER TABLE ONLY public.messages_2027_03
    ADD CONSTRAINT messages_2027_03_pkey PRIMARY KEY (website_id, conversation_id, seq);

ALTER TABLE ONLY public.pgmigrations
    ADD CONSTRAINT pgmigrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_token_key UNIQUE (token);

ALTER TABLE ONLY public.tags
    ADD CONSTRAINT tags_pkey PRIMARY KEY (website_id, id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_key UNIQUE (email);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.verifications
    ADD CONSTRAINT verifications_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.visitors
    ADD CONSTRAINT visitors_pkey PRIMARY KEY (website_id, id);

ALTER TABLE ONLY public.websites
    ADD CONSTRAINT websites_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.websites
    ADD CONSTRAINT websites_public_key_key UNIQUE (public_key);

CREATE INDEX jobs_main_index ON prochat_jobs._private_jobs USING btree (priority, run_at) INCLUDE (id, task_id, job_queue_id) WHERE (is_available = true);

CREATE INDEX jobs_no_queue_index ON prochat_jobs._private_jobs USING btree (priority, run_at) INCLUDE (id, task_id) WHERE ((is_available = true) AND (job_queue_id IS NULL));

CREATE INDEX accounts_by_user ON public.accounts USING btree (user_id);

CREATE INDEX audit_log_by_action ON public.audit_log USING btree (website_id, action, id);

CREATE INDEX audit_log_by_actor ON public.audit_log USING btree (website_id, actor_id, id);

CREATE INDEX audit_log_by_id ON public.audit_log USING btree (id);

CREATE INDEX conversation_tags_by_tag ON public.conversation_tags USING btree (website_id, tag_id, conversation_id DESC);

CREATE INDEX conversations_by_visitor ON public.conversations USING btree (website_id, visitor_id, id DESC);

CREATE INDEX conversations_changed ON public.conversations USING btree (website_id, changed_at DESC) WHERE (changed_at IS NOT NULL);

CREATE INDEX conversations_deleted ON public.conversations USING btree (website_id, deleted_at, id) WHERE (deleted_at IS NOT NULL);

CREATE INDEX conversations_inbox ON public.conversations USING btree (website_id, status, last_message_bucket DESC) WHERE (deleted_at IS NULL);

CREATE INDEX conversations_inbox_assigned ON public.conversations USING btree (website_id, assignee_id, status, last_message_bucket DESC) WHERE (assignee_id IS NOT NULL);

CREATE INDEX conversations_inbox_unassigned ON public.conversations USING btree (website_id, last_message_bucket DESC) WHERE ((status = 'open'::public.conversation_status) AND (assignee_id IS NULL) AND (deleted_at IS NULL));

CREATE INDEX conversations_inbox_unread ON public.conversations USING btree (website_id, assignee_id) WHERE ((status = 'open'::public.conversation_status) AND may_have_unread AND (deleted_at IS NULL));

CREATE INDEX memberships_of_user ON public.memberships USING btree (user_id, website_id) WHERE (removed_at IS NULL);

CREATE UNIQUE INDEX messages_by_id ON ONLY public.messages USING btree (id, conversation_id, website_id);

CREATE UNIQUE INDEX messages_2026_07_id_conversation_id_website_id_idx ON public.messages_2026_07 USING btree (id, conversation_id, website_id);

CREATE INDEX messages_changed ON ONLY public.messages USING btree (website_id, conversation_id, changed_version) WHERE (changed_version IS NOT NULL);

CREATE INDEX messages_2026_07_website_id_conversation_id_changed_version_idx ON public.messages_2026_07 USING btree (website_id, conversation_id, changed_version) WHERE (changed_version IS NOT NULL);

CREATE UNIQUE INDEX messages_2026_08_id_conversation_id_website_id_idx ON public.messages_2026_08 USING btree (id, conversation_id, website_id);

CREATE INDEX messages_2026_08_website_id_conversation_id_changed_version_idx ON public.messages_2026_08 USING btree (website_id, conversation_id, changed_version) WHERE (changed_version IS NOT NULL);

CREATE UNIQUE INDEX messages_2026_09_id_conversation_id_website_id_idx ON public.messages_2026_09 USING btree (id, conversation_id, website_id);

CREATE INDEX messages_2026_09_website_id_conversation_id_changed_version_idx ON public.messages_2026_09 USING btree (website_id, conversation_id, changed_version) WHERE (changed_version IS NOT NULL);

CREATE UNIQUE INDEX messages_2026_10_id_conversation_id_website_id_idx ON public.messages_2026_10 USING btree (id, conversation_id, website_id);

CREATE INDEX messages_2026_10_website_id_conversation_id_changed_version_idx ON public.messages_2026_10 USING btree (website_id, conversation_id, changed_version) WHERE (changed_version IS NOT NULL);

CREATE UNIQUE INDEX messages_2026_11_by_id ON public.messages_2026_11 USING btree (id, conversation_id, website_id);

CREATE INDEX messages_2026_11_changed ON public.messages_2026_11 USING btree (website_id, conversation_id, changed_version) WHERE (changed_version IS NOT NULL);

CREATE UNIQUE INDEX messages_2026_12_by_id ON public.messages_2026_12 USING btree (id, conversation_id, website_id);

CREATE INDEX messages_2026_12_changed ON public.messages_2026_12 USING btree (website_id, conversation_id, changed_version) WHERE (changed_version IS NOT NULL);

CREATE UNIQUE INDEX messages_2027_01_by_id ON public.messages_2027_01 USING btree (id, conversation_id, website_id);

CREATE INDEX messages_2027_01_changed ON public.messages_2027_01 USING btree (website_id, conversation_id, changed_version) WHERE (changed_version IS NOT NULL);

CREATE UNIQUE INDEX messages_2027_02_by_id ON public.messages_2027_02 USING btree (id, conversation_id, website_id);

CREATE INDEX messages_2027_02_changed ON public.messages_2027_02 USING btree (website_id, conversation_id, changed_version) WHERE (changed_version IS NOT NULL);

CREATE UNIQUE INDEX messages_2027_03_by_id ON public.messages_2027_03 USING btree (id, conversation_id, website_id);

CREATE INDEX messages_2027_03_changed ON public.messages_2027_03 USING btree (website_id, conversation_id, changed_version) WHERE (changed_version IS NOT NULL);

CREATE INDEX sessions_by_user ON public.sessions USING btree (user_id);

CREATE UNIQUE INDEX tags_by_name ON public.tags USING btree (website_id, lower(name));

CREATE INDEX verifications_by_identifier ON public.verifications USING btree (identifier);

CREATE UNIQUE INDEX visitors_by_external_id ON public.visitors USING btree (website_id, external_id) WHERE (external_id IS NOT NULL);

ALTER INDEX public.messages_by_id ATTACH PARTITION public.messages_2026_07_id_conversation_id_website_id_idx;

ALTER INDEX public.messages_pkey ATTACH PARTITION public.messages_2026_07_pkey;

ALTER INDEX public.messages_changed ATTACH PARTITION public.messages_2026_07_website_id_conversation_id_changed_version_idx;

ALTER INDEX public.messages_by_id ATTACH PARTITION public.messages_2026_08_id_conversation_id_website_id_idx;

ALTER INDEX public.messages_pkey ATTACH PARTITION public.messages_2026_08_pkey;

ALTER INDEX public.messages_changed ATTACH PARTITION public.messages_2026_08_website_id_conversation_id_changed_version_idx;

ALTER INDEX public.messages_by_id ATTACH PARTITION public.messages_2026_09_id_conversation_id_website_id_idx;

ALTER INDEX public.messages_pkey ATTACH PARTITION public.messages_2026_09_pkey;

ALTER INDEX public.messages_changed ATTACH PARTITION public.messages_2026_09_website_id_conversation_id_changed_version_idx;

ALTER INDEX public.messages_by_id ATTACH PARTITION public.messages_2026_10_id_conversation_id_website_id_idx;

ALTER INDEX public.messages_pkey ATTACH PARTITION public.messages_2026_10_pkey;

ALTER INDEX public.messages_changed ATTACH PARTITION public.messages_2026_10_website_id_conversation_id_changed_version_idx;

ALTER INDEX public.messages_by_id ATTACH PARTITION public.messages_2026_11_by_id;

ALTER INDEX public.messages_changed ATTACH PARTITION public.messages_2026_11_changed;

ALTER INDEX public.messages_pkey ATTACH PARTITION public.messages_2026_11_pkey;

ALTER INDEX public.messages_by_id ATTACH PARTITION public.messages_2026_12_by_id;

ALTER INDEX public.messages_changed ATTACH PARTITION public.messages_2026_12_changed;

ALTER INDEX public.messages_pkey ATTACH PARTITION public.messages_2026_12_pkey;

ALTER INDEX public.messages_by_id ATTACH PARTITION public.messages_2027_01_by_id;

ALTER INDEX public.messages_changed ATTACH PARTITION public.messages_2027_01_changed;

ALTER INDEX public.messages_pkey ATTACH PARTITION public.messages_2027_01_pkey;

ALTER INDEX public.messages_by_id ATTACH PARTITION public.messages_2027_02_by_id;

ALTER INDEX public.messages_changed ATTACH PARTITION public.messages_2027_02_changed;

ALTER INDEX public.messages_pkey ATTACH PARTITION public.messages_2027_02_pkey;

ALTER INDEX public.messages_by_id ATTACH PARTITION public.messages_2027_03_by_id;

ALTER INDEX public.messages_changed ATTACH PARTITION public.messages_2027_03_changed;

ALTER INDEX public.messages_pkey ATTACH PARTITION public.messages_2027_03_pkey;

CREATE TRIGGER audit_log_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_audit_change();

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.conversation_tags
    ADD CONSTRAINT conversation_tags_website_id_conversation_id_fkey FOREIGN KEY (website_id, conversation_id) REFERENCES public.conversations(website_id, id);

ALTER TABLE ONLY public.conversation_tags
    ADD CONSTRAINT conversation_tags_website_id_tag_id_fkey FOREIGN KEY (website_id, tag_id) REFERENCES public.tags(website_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_website_id_assignee_id_fkey FOREIGN KEY (website_id, assignee_id) REFERENCES public.memberships(website_id, user_id);

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_website_id_visitor_id_fkey FOREIGN KEY (website_id, visitor_id) REFERENCES public.visitors(website_id, id);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES public.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_website_id_fkey FOREIGN KEY (website_id) REFERENCES public.websites(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_website_id_fkey FOREIGN KEY (website_id) REFERENCES public.websites(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.visitors
    ADD CONSTRAINT visitors_website_id_fkey FOREIGN KEY (website_id) REFERENCES public.websites(id);

ALTER TABLE prochat_jobs._private_job_queues ENABLE ROW LEVEL SECURITY;

ALTER TABLE prochat_jobs._private_jobs ENABLE ROW LEVEL SECURITY;

ALTER TABLE prochat_jobs._private_known_crontabs ENABLE ROW LEVEL SECURITY;

ALTER TABLE prochat_jobs._private_tasks ENABLE ROW LEVEL SECURITY;

