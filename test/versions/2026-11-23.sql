

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

CREATE SCHEMA graphile_worker;

CREATE TYPE graphile_worker.job_spec AS (
	identifier text,
	payload json,
	queue_name text,
	run_at timestamp with time zone,
	max_attempts smallint,
	job_key text,
	priority smallint,
	flags text[]
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

CREATE TABLE graphile_worker._private_jobs (
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

CREATE FUNCTION graphile_worker.add_job(identifier text, payload json DEFAULT NULL::json, queue_name text DEFAULT NULL::text, run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, max_attempts integer DEFAULT NULL::integer, job_key text DEFAULT NULL::text, priority integer DEFAULT NULL::integer, flags text[] DEFAULT NULL::text[], job_key_mode text DEFAULT 'replace'::text) RETURNS graphile_worker._private_jobs
    LANGUAGE plpgsql
    AS $$
declare
  v_job "graphile_worker"._private_jobs;
begin
  if (job_key is null or job_key_mode is null or job_key_mode in ('replace', 'preserve_run_at')) then
    select * into v_job
    from "graphile_worker".add_jobs(
      ARRAY[(
        identifier,
        payload,
        queue_name,
        run_at,
        max_attempts::smallint,
        job_key,
        priority::smallint,
        flags
      )::"graphile_worker".job_spec],
      (job_key_mode = 'preserve_run_at')
    )
    limit 1;
    return v_job;
  elsif job_key_mode = 'unsafe_dedupe' then
    -- Ensure all the tasks exist (insert only missing identifiers so identity is not consumed)
    insert into "graphile_worker"._private_tasks as tasks (identifier)
    select add_job.identifier
    where not exists (
      select 1
      from "graphile_worker"._private_tasks as existing
      where existing.identifier = add_job.identifier
    )
    on conflict do nothing;
    -- Ensure all the queues exist
    if add_job.queue_name is not null then
      insert into "graphile_worker"._private_job_queues as job_queues (queue_name)
      select add_job.queue_name
      where not exists (
        select 1
        from "graphile_worker"._private_job_queues as existing
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
    insert into "graphile_worker"._private_jobs as jobs (
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
      from "graphile_worker"._private_tasks as tasks
      left join "graphile_worker"._private_job_queues as job_queues
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

CREATE FUNCTION graphile_worker.add_jobs(specs graphile_worker.job_spec[], job_key_preserve_run_at boolean DEFAULT false) RETURNS SETOF graphile_worker._private_jobs
    LANGUAGE plpgsql
    AS $$
begin
  -- Ensure all the tasks exist (insert only missing identifiers so identity is not consumed)
  insert into "graphile_worker"._private_tasks as tasks (identifier)
  select distinct spec.identifier
  from unnest(specs) spec
  where not exists (
    select 1
    from "graphile_worker"._private_tasks as existing
    where existing.identifier = spec.identifier
  )
  on conflict do nothing;
  -- Ensure all the queues exist
  insert into "graphile_worker"._private_job_queues as job_queues (queue_name)
  select distinct spec.queue_name
  from unnest(specs) spec
  where spec.queue_name is not null
  and not exists (
    select 1
    from "graphile_worker"._private_job_queues as existing
    where existing.queue_name = spec.queue_name
  )
  on conflict do nothing;
  -- Ensure any locked jobs have their key cleared - in the case of locked
  -- existing job create a new job instead as it must have already started
  -- executing (i.e. it's world state is out of date, and the fact add_job
  -- has been called again implies there's new information that needs to be
  -- acted upon).
  update "graphile_worker"._private_jobs as jobs
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
  return query insert into "graphile_worker"._private_jobs as jobs (
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
    inner join "graphile_worker"._private_tasks as tasks
    on tasks.identifier = spec.identifier
    left join "graphile_worker"._private_job_queues as job_queues
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

CREATE FUNCTION graphile_worker.complete_jobs(job_ids bigint[]) RETURNS SETOF graphile_worker._private_jobs
    LANGUAGE sql
    AS $$
  delete from "graphile_worker"._private_jobs as jobs
    where id = any(job_ids)
    and (
      locked_at is null
    or
      locked_at < now() - interval '4 hours'
    )
    returning *;
$$;

CREATE FUNCTION graphile_worker.force_unlock_workers(worker_ids text[]) RETURNS void
    LANGUAGE sql
    AS $$
update "graphile_worker"._private_jobs as jobs
set locked_at = null, locked_by = null
where locked_by = any(worker_ids);
update "graphile_worker"._private_job_queues as job_queues
set locked_at = null, locked_by = null
where locked_by = any(worker_ids);
$$;

CREATE FUNCTION graphile_worker.permanently_fail_jobs(job_ids bigint[], error_message text DEFAULT NULL::text) RETURNS SETOF graphile_worker._private_jobs
    LANGUAGE sql
    AS $$
  update "graphile_worker"._private_jobs as jobs
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

CREATE FUNCTION graphile_worker.remove_job(job_key text) RETURNS graphile_worker._private_jobs
    LANGUAGE plpgsql STRICT
    AS $$
declare
  v_job "graphile_worker"._private_jobs;
begin
  -- Delete job if not locked
  delete from "graphile_worker"._private_jobs as jobs
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
  update "graphile_worker"._private_jobs as jobs
  set
    key = null,
    attempts = jobs.max_attempts,
    updated_at = now()
  where key = job_key
  returning * into v_job;
  return v_job;
end;
$$;

CREATE FUNCTION graphile_worker.reschedule_jobs(job_ids bigint[], run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, priority integer DEFAULT NULL::integer, attempts integer DEFAULT NULL::integer, max_attempts integer DEFAULT NULL::integer) RETURNS SETOF graphile_worker._private_jobs
    LANGUAGE sql
    AS $$
  update "graphile_worker"._private_jobs as jobs
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

CREATE FUNCTION public.make_message_partitions(first_day date, months integer) RETURNS integer
    LANGUAGE plpgsql
    AS $$
declare
  month date := date_trunc('month', first_day);
  made integer := 0;
  part text;
begin
  for i in 0..months loop
    part := 'messages_' || to_char(month, 'YYYY_MM');
    if not exists (select from pg_inherits where inhrelid = to_regclass(part)) then
      -- Keeps out other makers and whoever changes the table, but no reader and no writer.
      lock table messages in share update exclusive mode;
      if not exists (select from pg_inherits where inhrelid = to_regclass(part)) then
        if to_regclass(part) is not null then
          raise exception 'the table % is there but is no partition of messages', part
            using hint = 'Rename it, or attach it where it belongs.';
        end if;
        execute format('create table %I (like messages including all)', part);
        execute format(
          'alter table messages attach partition %I for values from (%L) to (%L)', part,
          uuid_floor(month::timestamp at time zone 'UTC'),
          uuid_floor((month + interval '1 month')::timestamp at time zone 'UTC'));
        made := made + 1;
      end if;
    end if;
    month := month + interval '1 month';
  end loop;
  return made;
end $$;

CREATE FUNCTION public.uuid_floor(moment timestamp with time zone) RETURNS uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (rpad(lpad(to_hex(((EXTRACT(epoch FROM moment) * (1000)::numeric))::bigint), 12, '0'::text), 32, '0'::text))::uuid;

CREATE TABLE graphile_worker._private_job_queues (
    id integer NOT NULL,
    queue_name text NOT NULL,
    locked_at timestamp with time zone,
    locked_by text,
    is_available boolean GENERATED ALWAYS AS ((locked_at IS NULL)) STORED NOT NULL,
    CONSTRAINT job_queues_queue_name_check CHECK ((length(queue_name) <= 128))
);

CREATE TABLE graphile_worker._private_known_crontabs (
    identifier text NOT NULL,
    known_since timestamp with time zone NOT NULL,
    last_execution timestamp with time zone
);

CREATE TABLE graphile_worker._private_tasks (
    id integer NOT NULL,
    identifier text NOT NULL,
    CONSTRAINT tasks_identifier_check CHECK ((length(identifier) <= 128))
);

ALTER TABLE graphile_worker._private_job_queues ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME graphile_worker.job_queues_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW graphile_worker.jobs AS
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
   FROM ((graphile_worker._private_jobs jobs
     JOIN graphile_worker._private_tasks tasks ON ((tasks.id = jobs.task_id)))
     LEFT JOIN graphile_worker._private_job_queues job_queues ON ((job_queues.id = jobs.job_queue_id)));

ALTER TABLE graphile_worker._private_jobs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME graphile_worker.jobs_id_seq1
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE graphile_worker.migrations (
    id integer NOT NULL,
    ts timestamp with time zone DEFAULT now() NOT NULL,
    breaking boolean DEFAULT false NOT NULL
);

ALTER TABLE graphile_worker._private_tasks ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME graphile_worker.tasks_id_seq
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
    deleted_at timestamp with time zone
);

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
    created_at timestamp with time zone DEFAULT now() NOT NULL
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
    details jsonb
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
    details jsonb
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
    details jsonb
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
    details jsonb
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
    details jsonb
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
    details jsonb
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
    details jsonb
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
    details jsonb
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
    details jsonb
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
    details jsonb
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

INSERT INTO graphile_worker._private_jobs OVERRIDING SYSTEM VALUE VALUES
	(1, NULL, 2, '{}', 0, '2126-11-29 00:58:45.582425+00', 0, 25, NULL, '2026-11-29 00:58:45.582425+00', '2026-11-29 00:58:45.582425+00', NULL, NULL, NULL, 0, NULL, DEFAULT);

INSERT INTO graphile_worker._private_known_crontabs VALUES
	('make-partitions', '2026-11-29 00:58:41.475+00', NULL),
	('recount', '2026-11-29 00:58:41.475+00', NULL);

INSERT INTO graphile_worker._private_tasks OVERRIDING SYSTEM VALUE VALUES
	(1, 'make-partitions'),
	(2, 'recount');

INSERT INTO graphile_worker.migrations VALUES
	(1, '2026-11-29 00:58:40.914435+00', true),
	(2, '2026-11-29 00:58:40.9812+00', false),
	(3, '2026-11-29 00:58:41.035477+00', true),
	(4, '2026-11-29 00:58:41.046666+00', false),
	(5, '2026-11-29 00:58:41.074128+00', false),
	(6, '2026-11-29 00:58:41.0777+00', false),
	(7, '2026-11-29 00:58:41.095245+00', false),
	(8, '2026-11-29 00:58:41.103893+00', false),
	(9, '2026-11-29 00:58:41.124684+00', false),
	(10, '2026-11-29 00:58:41.129047+00', false),
	(11, '2026-11-29 00:58:41.145466+00', true),
	(12, '2026-11-29 00:58:41.252697+00', false),
	(13, '2026-11-29 00:58:41.283334+00', true),
	(14, '2026-11-29 00:58:41.294609+00', true),
	(15, '2026-11-29 00:58:41.316683+00', false),
	(16, '2026-11-29 00:58:41.3338+00', true),
	(17, '2026-11-29 00:58:41.36196+00', false),
	(18, '2026-11-29 00:58:41.377047+00', false),
	(19, '2026-11-29 00:58:41.430789+00', true),
	(20, '2026-11-29 00:58:41.435148+00', false);

INSERT INTO public.accounts VALUES
	('01a224cf-b8ff-75ce-b152-18fe922d01d6', '01a224cf-b8f0-706d-be70-34691ac80be0', '01a224cf-b8f0-706d-be70-34691ac80be0', 'credential', NULL, NULL, NULL, NULL, NULL, NULL, 'aca26c73afeb1dbec5769eb6def5c7bb:dc6b5293af1061a2f6ab26e700ab05a13adbd826e0e234386eb8be6f893309b807800838162538462f7adad7bff2647b6afa2d9ad759794144b45f793d4c8468', '2026-11-29 00:58:42.797044+00', '2026-11-29 00:58:42.797044+00'),
	('01a224cf-bcca-719f-8bf9-4b63fd65fe0e', '01a224cf-bcc9-7d9f-a2cf-4309060cd468', '01a224cf-bcc9-7d9f-a2cf-4309060cd468', 'credential', NULL, NULL, NULL, NULL, NULL, NULL, '079b4de47f8b51a37fbec7415bedde37:e8595f6b9aaa3cea8d67d26a1a5f1760db2184235c519a5f1a07ced88c7ea9fa401a2f84b418e6d5e0b6529b834f05724f5253e4af481a335bd331d5a5d4eb76', '2026-11-29 00:58:43.778474+00', '2026-11-29 00:58:43.778474+00');

INSERT INTO public.conversations VALUES
	(1, '01a224cf-c16d-7e55-96f3-9a93ded87734', '01a224cf-c0b9-7fb9-a860-5e1b0783134f', 'open', NULL, 5, 3, 3, 'Do you repair bicycles?', 'visitor', '2026-11-29 00:58:45.215+00', '2026-11-29 00:58:45.215422+00', 1, 0, 1, 1, '2026-11-29 00:58:45.160729+00', NULL, NULL, '2026-11-29 00:58:44.957628+00', NULL),
	(1, '01a224cf-c2c9-76ff-bd02-c8c7db147e6a', '01a224cf-c2a6-7d44-8f28-eeac982923b1', 'open', '01a224cf-bcc9-7d9f-a2cf-4309060cd468', 8, 6, 6, 'It is on its way to you.', 'agent', '2026-11-29 00:58:45.467+00', NULL, 6, 0, 0, 1, '2026-11-29 00:58:45.467461+00', NULL, NULL, '2026-11-29 00:58:45.311465+00', NULL),
	(1, '01a224cf-c3b5-705e-91ba-05735af14096', '01a224cf-c3a2-7134-bfb0-41ea636f6930', 'open', NULL, 2, 1, 1, 'Please forget this.', 'visitor', '2026-11-29 00:58:45.553+00', '2026-11-29 00:58:45.552684+00', 0, 0, 1, 0, NULL, NULL, NULL, '2026-11-29 00:58:45.552684+00', '2026-11-29 00:58:45.566409+00'),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', '019fd173-61c0-7d80-a22f-463dcb9612b8', 'resolved', '016f5e66-e800-73a8-b051-083e4a8356e7', 56, 27, 26, 'I have noted that for 11776.', 'agent', '2026-08-05 12:26:35.716+00', NULL, 27, 26, 0, 0, '2026-08-05 10:37:43.894+00', NULL, NULL, '2026-08-05 10:23:47.648+00', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', '019ff81f-b337-7d3d-b7ac-73b6d6ec5ea0', 'resolved', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', 52, 25, 24, 'Yes, a pair of brake pads is in stock and can be with you tomorrow.', 'agent', '2026-08-12 22:42:13.311+00', NULL, 25, 24, 0, 0, '2026-08-12 22:37:40.091+00', NULL, NULL, '2026-08-12 22:37:34.903+00', NULL),
	(3, '01a10bb1-537c-74cd-8d16-77cb8892982e', '01a10bb1-537c-7c5c-9c95-bc91c50670c5', 'resolved', NULL, 23, 11, 10, 'No, the other one: number 70237.', 'visitor', '2026-10-05 11:18:45.71+00', NULL, 11, 10, 0, 0, '2026-10-05 10:59:36.101+00', 4, NULL, '2026-10-05 10:52:13.052+00', NULL),
	(3, '01a1190f-744c-76f9-a8dc-5cf55921fb5b', '01a1190f-744c-7e41-9979-ab4786b4385b', 'open', '016f5e66-e800-79ec-bb16-406ca90b9f9a', 16, 7, 7, 'Is a chain lock available before the weekend?', 'visitor', '2026-10-08 02:10:17.889+00', '2026-10-08 02:10:17.889+00', 7, 7, 0, 0, '2026-10-08 01:14:00.332+00', NULL, NULL, '2026-10-08 01:10:05.644+00', NULL),
	(3, '01a1317a-4dc6-7184-a94f-57eb70f7d52f', '01a1317a-4dc6-72ba-a45e-f855e325a4e8', 'resolved', '016f5e66-e800-741f-aabd-88a4004057b1', 17, 8, 7, 'Hi', 'visitor', '2026-10-12 19:05:25.939+00', NULL, 8, 7, 0, 0, '2026-10-12 18:59:00.669+00', NULL, NULL, '2026-10-12 18:57:41.318+00', NULL),
	(3, '01a140f5-5e44-7d53-a7b2-129337f6c2ca', '01a140f5-5e44-795c-b1b4-4d9600bef7bc', 'resolved', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', 9, 4, 3, 'You are welcome! Is there anything else?', 'agent', '2026-10-15 19:07:41.659+00', NULL, 4, 1, 0, 1, '2026-10-15 19:07:03.581+00', NULL, NULL, '2026-10-15 19:06:24.708+00', NULL),
	(3, '01a145c1-e978-77c6-a5e0-a01cf231b327', '01a145c1-e978-78a9-a2a7-90e50c43ea7c', 'resolved', '016f5e66-e800-788b-811f-7ffa9af094ce', 15, 7, 6, 'ok', 'visitor', '2026-10-16 17:54:39.279+00', NULL, 7, 6, 0, 0, '2026-10-16 17:46:38.199+00', NULL, NULL, '2026-10-16 17:28:18.552+00', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', '01a1687f-55ff-7830-8b2b-eb5b0ebb6871', 'resolved', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', 77, 38, 37, 'Can I send back the city bike? It is a present, so it would have to arrive in time.', 'visitor', '2026-10-23 12:06:14.05+00', NULL, 38, 37, 0, 0, '2026-10-23 11:28:34.642+00', NULL, NULL, '2026-10-23 11:22:17.983+00', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', '019fd173-61c0-7d80-a22f-463dcb9612b8', 'resolved', '016f5e66-e800-788b-811f-7ffa9af094ce', 77, 38, 37, 'And if I need it before the weekend? My neighbour has the same one and is very happy with it, that is why I ask.', 'visitor', '2026-09-07 15:44:25.24+00', NULL, 38, 37, 0, 0, '2026-09-07 14:01:59.923+00', 2, '019fd173-61c0-74bc-a83b-d81cba635273', '2026-09-07 14:01:37.181+00', NULL),
	(3, '01a0a7f0-1a56-7f2a-b02f-1fc0393d0458', '01a0a7f0-1a56-7973-b821-2db5d0a95ef1', 'resolved', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', 35, 17, 16, 'Yes please', 'visitor', '2026-09-16 02:48:05.516+00', NULL, 17, 16, 0, 0, '2026-09-16 02:00:21.275+00', NULL, NULL, '2026-09-16 01:58:45.59+00', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', '01a0bbce-1081-77f7-8c46-85983f4b2508', 'resolved', '016f5e66-e800-7c4c-a070-4f999051a36e', 49, 24, 23, 'Thanks, that is all I wanted to know :)', 'visitor', '2026-09-19 22:41:02.147+00', NULL, 24, 23, 0, 0, '2026-09-19 22:34:43.554+00', 5, NULL, '2026-09-19 22:33:59.169+00', NULL),
	(3, '01a1b6de-1bb1-7df5-8810-2b1b336764de', '01a1b6de-1bb1-7367-9af8-d67c58e4b2fe', 'resolved', NULL, 5, 2, 1, 'Hello, a question about a pair of brake pads.', 'visitor', '2026-11-07 16:37:54.837+00', NULL, 2, 1, 0, 0, NULL, NULL, NULL, '2026-11-07 16:36:11.825+00', NULL),
	(3, '01a1c2cd-14dc-77fe-8dea-0833f17ab2d9', '01a1c2cd-14dc-7d05-8df2-89c7f01ff22e', 'open', NULL, 37, 18, 18, 'Hi', 'visitor', '2026-11-10 00:31:05.714+00', '2026-11-10 00:13:02.556+00', 0, 18, 18, 0, NULL, NULL, NULL, '2026-11-10 00:13:02.556+00', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', '01a1f737-9c4b-7bec-ac21-93edd780cc8b', 'open', '016f5e66-e800-741f-aabd-88a4004057b1', 50, 24, 24, 'We can exchange the city bike without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office tomorrow.', 'agent', '2026-11-20 04:40:00.92+00', NULL, 24, 24, 0, 0, '2026-11-20 04:30:07.116+00', NULL, NULL, '2026-11-20 04:29:39.275+00', NULL);

INSERT INTO public.invitations VALUES
	(1, '01a224cf-c080-73d8-9d67-1632f7b86527', 'admin', 'for Dana', '7a0de7c7d9c2808ad112d3370057568ac3ea1bef27704e585c24a0616c7dcfb2', '01a224cf-b8f0-706d-be70-34691ac80be0', '2026-11-29 00:58:44.740726+00', '2026-12-06 00:58:44.736+00');

INSERT INTO public.memberships VALUES
	(1, '01a224cf-b8f0-706d-be70-34691ac80be0', 'owner', '2026-11-29 00:58:42.797044+00'),
	(1, '01a224cf-bcc9-7d9f-a2cf-4309060cd468', 'agent', '2026-11-29 00:58:43.778474+00'),
	(2, '01a224cf-b8f0-706d-be70-34691ac80be0', 'owner', '2026-11-29 00:58:44.772246+00'),
	(3, '016f5e66-e800-79ec-bb16-406ca90b9f9a', 'owner', '2026-07-29 00:58:47.472+00'),
	(3, '016f5e66-e800-7a94-a873-1991bbf719dc', 'agent', '2026-07-29 00:58:47.472+00'),
	(3, '016f5e66-e800-73a8-b051-083e4a8356e7', 'agent', '2026-07-29 00:58:47.472+00'),
	(3, '016f5e66-e800-7d7f-9be7-c2d813b7a0a7', 'agent', '2026-07-29 00:58:47.472+00'),
	(3, '016f5e66-e800-77f0-a0cb-8bfed019e6ba', 'agent', '2026-07-29 00:58:47.472+00'),
	(3, '016f5e66-e800-741f-aabd-88a4004057b1', 'agent', '2026-07-29 00:58:47.472+00'),
	(3, '016f5e66-e800-788b-811f-7ffa9af094ce', 'agent', '2026-07-29 00:58:47.472+00'),
	(3, '016f5e66-e800-73f2-b0f3-b4fbb7caaa64', 'agent', '2026-07-29 00:58:47.472+00'),
	(3, '016f5e66-e800-794a-bc33-46cac3895239', 'agent', '2026-07-29 00:58:47.472+00'),
	(3, '016f5e66-e800-77c4-a1b0-05ee2d81a1b3', 'agent', '2026-07-29 00:58:47.472+00'),
	(3, '016f5e66-e800-7c4c-a070-4f999051a36e', 'agent', '2026-07-29 00:58:47.472+00');

INSERT INTO public.messages_2026_08 VALUES
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 1, 'visitor', 'text', '019fd173-61c0-7734-a2cc-828515b20c08', NULL, '2026-08-05 10:23:47.648+00', NULL, NULL, 'I ordered a chain lock, but something else was in the parcel. The page says one thing and the mail that I got says another. What should I do now?', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 2, 'agent', 'event', '019fd175-a88c-775d-baa7-3108cb9c3b00', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-05 10:26:16.844+00', NULL, NULL, '', '{"to": {"id": "016f5e66-e800-73a8-b051-083e4a8356e7", "name": "Chiara"}, "type": "assigned"}'),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 3, 'visitor', 'text', '019fd176-e96f-75ad-bf57-fa6419240571', NULL, '2026-08-05 10:27:38.991+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 4, 'visitor', 'text', '019fd177-145a-7fdd-9754-65986d480923', NULL, '2026-08-05 10:27:49.978+00', NULL, NULL, 'Can I send back a chain lock? My neighbour has the same one and is very happy with it, that is why I ask.', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 5, 'agent', 'text', '019fd180-2456-734f-bf56-f534712450b3', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-05 10:37:43.894+00', NULL, NULL, 'We can exchange a chain lock without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office at the end of the month.', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 6, 'visitor', 'text', '019fd180-dc98-7ef7-97f2-27183e1de657', NULL, '2026-08-05 10:38:31.064+00', NULL, NULL, 'Is a pair of brake pads available next week?', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 7, 'agent', 'text', '019fd185-629b-7626-908b-e8e22d862400', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-05 10:43:27.515+00', NULL, NULL, 'Have a nice day!', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 8, 'visitor', 'text', '019fd190-713c-7ee2-a326-3904579fc3fa', NULL, '2026-08-05 10:55:32.156+00', NULL, NULL, 'No, the other one: number 51788.', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 9, 'agent', 'text', '019fd191-ca2b-721b-9acb-5abc4ff9b981', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-05 10:57:00.459+00', NULL, NULL, 'Let me have a look.', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 10, 'visitor', 'text', '019fd195-c328-706a-9552-d3c745b80876', NULL, '2026-08-05 11:01:20.808+00', NULL, NULL, 'ok', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 11, 'visitor', 'text', '019fd196-1287-7b95-9945-71d17750a59a', NULL, '2026-08-05 11:01:41.127+00', NULL, NULL, 'Hi', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 12, 'visitor', 'text', '019fd196-a77e-728b-b318-a951a57ad012', NULL, '2026-08-05 11:02:19.262+00', NULL, NULL, 'I ordered a chain lock, but something else was in the parcel. I have waited for more than a week now and heard nothing. What should I do now?', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 13, 'agent', 'text', '019fd198-7dd5-747d-b52e-c4b9144febf7', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-05 11:04:19.669+00', NULL, NULL, 'Hello! How can I help?', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 14, 'visitor', 'text', '019fd1b2-3f92-7e0b-bcee-211b72d968fe', NULL, '2026-08-05 11:32:27.666+00', NULL, NULL, 'I ordered the 28 inch wheel, but something else was in the parcel. I have waited for more than a week now and heard nothing. What should I do now?', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 15, 'agent', 'text', '019fd1b2-4ba4-70dc-abfd-6af6ec353def', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-05 11:32:30.756+00', NULL, NULL, 'I have noted that for 81122.', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 16, 'agent', 'note', '019fd1ba-fd67-7cb3-b9b2-e025b7718c13', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-05 11:42:00.551+00', NULL, NULL, 'My order 21174 has not arrived yet. I have waited for more than a week now and heard nothing.', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 17, 'agent', 'text', '019fd1c5-739a-7681-842c-355dbad215a9', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-05 11:53:26.17+00', NULL, NULL, 'Yes, the 28 inch wheel is in stock and can be with you by Friday.', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 18, 'agent', 'note', '019fd1d5-597c-73c7-bdd5-4a30906374e3', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-05 12:10:48.06+00', NULL, NULL, 'No, the other one: number 61327.', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 19, 'visitor', 'text', '019fd1da-e53b-7f96-9612-ff54eee655b6', NULL, '2026-08-05 12:16:51.515+00', NULL, NULL, 'No, the other one: number 15770.', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 20, 'visitor', 'text', '019fd1da-f66b-7a89-b12e-012a1f546c56', NULL, '2026-08-05 12:16:55.915+00', NULL, NULL, 'Hi', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 21, 'agent', 'text', '019fd1dd-d1fe-7be0-8e6d-84e0bcb77e3d', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-05 12:20:03.198+00', NULL, NULL, 'One moment please, I am asking a colleague.', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 22, 'agent', 'note', '019fd1de-c4b8-726c-ada6-0b5c58edccd0', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-05 12:21:05.336+00', NULL, NULL, 'Hello, a question about a chain lock.', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 23, 'agent', 'text', '019fd1df-28bc-77a8-ae66-9bdabfcec2d9', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-05 12:21:30.94+00', NULL, NULL, 'Yes, the 28 inch wheel is in stock and can be with you by Friday.', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 24, 'visitor', 'text', '019fd1df-5213-778f-ba4d-aa3c15228c5b', NULL, '2026-08-05 12:21:41.523+00', NULL, NULL, 'Hello, a question about a pair of brake pads.', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 25, 'agent', 'text', '019fd1e0-bbcd-7d54-92df-257971e47463', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-05 12:23:14.125+00', NULL, NULL, 'I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 26, 'agent', 'text', '019fd1e3-3b66-7697-b170-1c9c44397332', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-05 12:25:57.862+00', NULL, NULL, 'I have noted that for 11776.', NULL),
	(3, '019fd173-61c0-74bc-a83b-d81cba635273', 27, 'agent', 'event', '019fd1e3-cf44-75e0-98c2-19e8a1032c0b', '016f5e66-e800-73a8-b051-083e4a8356e7', '2026-08-05 12:26:35.716+00', NULL, NULL, '', '{"type": "resolved"}'),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 1, 'visitor', 'text', '019ff81f-b337-7918-8d03-d3cee0548f85', NULL, '2026-08-12 22:37:34.903+00', NULL, NULL, 'How much would a chain lock cost, with delivery?', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 2, 'agent', 'event', '019ff81f-bd1c-75d9-9ac5-94996401f402', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-12 22:37:37.436+00', NULL, NULL, '', '{"to": {"id": "016f5e66-e800-77f0-a0cb-8bfed019e6ba", "name": "Elif"}, "type": "assigned"}'),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 3, 'visitor', 'text', '019ff81f-c16c-7a8d-8740-934ddc8812b2', NULL, '2026-08-12 22:37:38.54+00', NULL, NULL, 'No, the other one: number 71401.', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 4, 'agent', 'text', '019ff81f-c77b-7440-ae7f-7fa094ee33d7', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-12 22:37:40.091+00', NULL, NULL, 'One moment please, I am asking a colleague.', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 5, 'visitor', 'text', '019ff81f-ccbd-790c-a03f-810230f01b13', NULL, '2026-08-12 22:37:41.437+00', NULL, NULL, 'How much would the city bike cost, with delivery?', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 6, 'visitor', 'text', '019ff81f-d5f8-7deb-96cd-26cc2020f817', NULL, '2026-08-12 22:37:43.8+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 7, 'agent', 'text', '019ff81f-e40f-7631-a8e3-d1c8bc8c913c', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-12 22:37:47.407+00', NULL, NULL, 'We can exchange a pair of brake pads without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office before the weekend.', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 8, 'visitor', 'text', '019ff81f-e553-7c76-b184-610b046be37a', NULL, '2026-08-12 22:37:47.731+00', NULL, NULL, 'Yes please', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 9, 'agent', 'text', '019ff81f-e5ed-7d4f-9123-e00c943041a1', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-12 22:37:47.885+00', NULL, NULL, 'Let me have a look.', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 10, 'visitor', 'text', '019ff821-916a-7ea7-9e30-d989bb33af00', NULL, '2026-08-12 22:39:37.322+00', NULL, NULL, 'Hello, a question about a pair of brake pads.', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 11, 'visitor', 'text', '019ff821-9c57-71e6-a6fb-e4f0288c2297', NULL, '2026-08-12 22:39:40.119+00', NULL, NULL, 'No, the other one: number 70237.', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 12, 'agent', 'text', '019ff822-408f-7510-b896-31546dd67abd', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-12 22:40:22.159+00', NULL, NULL, 'We can exchange a pair of brake pads without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office next week.', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 13, 'visitor', 'text', '019ff822-494c-78aa-b4c4-384c164c358d', NULL, '2026-08-12 22:40:24.396+00', NULL, NULL, 'I cannot pay: after I choose the card nothing happens. I have waited for more than a week now and heard nothing. I tried it on my phone and on my laptop, with the same result both times.', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 14, 'agent', 'text', '019ff822-5227-7166-a0b4-10dd76041e9f', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-12 22:40:26.663+00', NULL, NULL, 'I have noted that for 59905.', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 15, 'visitor', 'text', '019ff822-5458-7e7f-9b73-a9472f83fd84', NULL, '2026-08-12 22:40:27.224+00', NULL, NULL, 'I ordered a chain lock, but something else was in the parcel. I have waited for more than a week now and heard nothing. What should I do now?', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 16, 'agent', 'text', '019ff822-5517-79d4-9d72-c1297edf20ee', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-12 22:40:27.415+00', NULL, NULL, 'Let me have a look.', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 17, 'visitor', 'text', '019ff822-954a-7779-b061-d87490b3c806', NULL, '2026-08-12 22:40:43.85+00', NULL, NULL, 'Yes please', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 18, 'agent', 'text', '019ff822-9e49-714e-b1e0-95204c15fc7c', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-12 22:40:46.153+00', NULL, NULL, 'I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 19, 'visitor', 'text', '019ff822-a57a-73aa-aec3-30d60be60a75', NULL, '2026-08-12 22:40:47.994+00', NULL, NULL, 'My order 24862 has not arrived yet. I have waited for more than a week now and heard nothing.', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 20, 'agent', 'text', '019ff822-ef4d-76ea-9354-778f57a56c39', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-12 22:41:06.893+00', NULL, NULL, 'Yes, the 28 inch wheel is in stock and can be with you tomorrow.', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 21, 'visitor', 'text', '019ff823-03b2-7ac8-86ac-e23dc8dd5758', NULL, '2026-08-12 22:41:12.114+00', NULL, NULL, 'Hello, a question about the child seat.', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 22, 'agent', 'text', '019ff823-10a1-7c95-8787-6450cf54a967', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-12 22:41:15.425+00', NULL, NULL, 'I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 23, 'visitor', 'text', '019ff823-2715-7b2f-913e-0ca290f800b1', NULL, '2026-08-12 22:41:21.173+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL);
INSERT INTO public.messages_2026_08 VALUES
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 24, 'agent', 'text', '019ff823-f023-7489-be83-0a57590ba529', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-12 22:42:12.643+00', NULL, NULL, 'Yes, a pair of brake pads is in stock and can be with you tomorrow.', NULL),
	(3, '019ff81f-b337-7c85-9b3d-80a91c58ed4b', 25, 'agent', 'event', '019ff823-f2bf-7c11-9e30-7946ba7319b8', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-08-12 22:42:13.311+00', NULL, NULL, '', '{"type": "resolved"}');

INSERT INTO public.messages_2026_09 VALUES
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 1, 'visitor', 'text', '01a07c2c-aa9d-78dc-bfae-9242641fc9af', NULL, '2026-09-07 14:01:37.181+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 2, 'agent', 'event', '01a07c2c-ccdb-7ec1-ae8c-18863864f0b0', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-07 14:01:45.947+00', NULL, NULL, '', '{"to": {"id": "016f5e66-e800-788b-811f-7ffa9af094ce", "name": "Greta"}, "type": "assigned"}'),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 3, 'agent', 'text', '01a07c2d-0373-77de-b7d6-a015c9ff7d42', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-07 14:01:59.923+00', NULL, NULL, 'Have a nice day!', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 4, 'visitor', 'text', '01a07c2d-0a0d-7015-abbf-c2f5c90bb757', NULL, '2026-09-07 14:02:01.613+00', NULL, NULL, 'My order 69292 has not arrived yet. I tried it on my phone and on my laptop, with the same result both times.', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 5, 'agent', 'text', '01a07c2d-def9-723e-9b42-1049a6bd1d9b', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-07 14:02:56.121+00', NULL, NULL, 'You are welcome! Is there anything else?', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 6, 'visitor', 'text', '01a07c2d-ebf6-784a-aab3-d1752e679015', NULL, '2026-09-07 14:02:59.446+00', NULL, NULL, 'No, the other one: number 28320.', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 7, 'agent', 'text', '01a07c34-1ea9-7064-b829-e16f88d115c7', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-07 14:09:45.641+00', NULL, NULL, 'Let me have a look.', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 8, 'visitor', 'text', '01a07c35-5055-7986-a4db-e55ba0aa0d80', NULL, '2026-09-07 14:11:03.893+00', NULL, NULL, 'No, the other one: number 75838.', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 9, 'visitor', 'text', '01a07c35-edd0-702b-b0a5-83ddee9a3164', NULL, '2026-09-07 14:11:44.208+00', NULL, NULL, 'That would be great, thank you!', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 10, 'visitor', 'text', '01a07c36-6cf5-776b-aebe-7992e0b715cb', NULL, '2026-09-07 14:12:16.757+00', NULL, NULL, 'No, the other one: number 50804.', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 11, 'agent', 'text', '01a07c39-a377-703a-a0b1-9db405d8e6a6', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-07 14:15:47.319+00', NULL, NULL, 'Hello! How can I help?', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 12, 'visitor', 'text', '01a07c39-edcb-78ee-87c7-91042a57ed36', NULL, '2026-09-07 14:16:06.347+00', NULL, NULL, 'Can I send back a chain lock? I tried it on my phone and on my laptop, with the same result both times.', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 13, 'agent', 'text', '01a07c3c-32df-7e22-bd48-8bc17e078501', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-07 14:18:35.103+00', NULL, NULL, 'I have noted that for 53994.', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 14, 'visitor', 'text', '01a07c3d-41a8-7785-8421-8426e296243c', NULL, '2026-09-07 14:19:44.424+00', NULL, NULL, 'Is a pair of brake pads available tomorrow?', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 15, 'visitor', 'text', '01a07c3d-7a2d-7dac-a86f-5f579e84e5ee', NULL, '2026-09-07 14:19:58.893+00', NULL, NULL, 'And if I need it today? My neighbour has the same one and is very happy with it, that is why I ask.', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 16, 'visitor', 'text', '01a07c3d-c0ae-7855-a449-fac85afc01c5', NULL, '2026-09-07 14:20:16.942+00', NULL, NULL, 'My order 26374 has not arrived yet. The page says one thing and the mail that I got says another.', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 17, 'agent', 'text', '01a07c3e-0c1d-732b-8293-468e359f686d', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-07 14:20:36.253+00', NULL, NULL, 'Please try it once more now. If it still does not work, tell me which browser you use, and I will pass it on tomorrow.', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 18, 'visitor', 'text', '01a07c51-5ab8-7dcd-b3e1-23c41afea9a7', NULL, '2026-09-07 14:41:41.56+00', NULL, NULL, 'And if I need it before the weekend? The page says one thing and the mail that I got says another.', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 19, 'agent', 'text', '01a07c51-d8f4-7ced-98c0-5eb8d203e296', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-07 14:42:13.876+00', NULL, NULL, 'I have noted that for 44389.', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 20, 'visitor', 'text', '01a07c51-ef51-7abf-a7d5-b38c1551985c', NULL, '2026-09-07 14:42:19.601+00', NULL, NULL, 'Yes please', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 21, 'agent', 'text', '01a07c53-720c-7c4b-8e04-2e446bb1fffd', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-07 14:43:58.604+00', NULL, NULL, 'Have a nice day!', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 22, 'agent', 'text', '01a07c5e-6d8b-7a81-be1d-b61fe40d6b7b', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-07 14:55:58.347+00', NULL, NULL, 'Please try it once more now. If it still does not work, tell me which browser you use, and I will pass it on before the weekend.', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 23, 'visitor', 'text', '01a07c5f-7c7d-78da-afaf-1ef1ddbdd3de', NULL, '2026-09-07 14:57:07.709+00', NULL, NULL, 'My order 39773 has not arrived yet. The page says one thing and the mail that I got says another.', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 24, 'agent', 'text', '01a07c60-d010-7441-9779-f44f3fea3266', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-07 14:58:34.64+00', NULL, NULL, 'One moment please, I am asking a colleague.', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 25, 'visitor', 'text', '01a07c6e-c0ea-7da8-9afb-98c124ea4711', NULL, '2026-09-07 15:13:48.266+00', NULL, NULL, 'Hello, a question about a chain lock.', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 26, 'visitor', 'text', '01a07c70-0055-7dc2-8b55-dcf80ce7017c', NULL, '2026-09-07 15:15:10.037+00', NULL, NULL, 'Yes please', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 27, 'visitor', 'text', '01a07c77-1ab6-7767-81fc-b1ebd7cfb725', NULL, '2026-09-07 15:22:55.542+00', NULL, NULL, 'Can I send back the 28 inch wheel? I tried it on my phone and on my laptop, with the same result both times.', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 28, 'visitor', 'text', '01a07c78-8a3c-7580-beb9-ffafde6e19af', NULL, '2026-09-07 15:24:29.628+00', NULL, NULL, 'Hi', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 29, 'visitor', 'text', '01a07c7b-ad8c-798b-b30c-9da009675a0f', NULL, '2026-09-07 15:27:55.276+00', NULL, NULL, 'That would be great, thank you!', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 30, 'visitor', 'text', '01a07c7c-3404-7f42-b173-9b2f3918173b', NULL, '2026-09-07 15:28:29.7+00', NULL, NULL, 'And if I need it today? I have waited for more than a week now and heard nothing.', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 31, 'visitor', 'text', '01a07c7e-360d-78da-a12d-10864761c6cd', NULL, '2026-09-07 15:30:41.293+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 32, 'agent', 'text', '01a07c82-b742-7a31-a9cd-b8b1298dfc49', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-07 15:35:36.514+00', NULL, NULL, 'Please try it once more now. If it still does not work, tell me which browser you use, and I will pass it on next week.', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 33, 'agent', 'text', '01a07c87-6ad7-79a4-a394-effddc8d63f3', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-07 15:40:44.631+00', NULL, NULL, 'You are welcome! Is there anything else?', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 34, 'visitor', 'text', '01a07c87-73a5-75e1-8c19-31b6683f4d9c', NULL, '2026-09-07 15:40:46.885+00', NULL, NULL, 'Can I send back the city bike? It is a present, so it would have to arrive in time.', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 35, 'agent', 'text', '01a07c88-ad9a-7435-8086-e66a1dec34dd', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-07 15:42:07.258+00', NULL, NULL, 'Yes, the 28 inch wheel is in stock and can be with you at the end of the month.', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 36, 'visitor', 'text', '01a07c89-42d8-7535-9a83-14eeb52d8c1b', NULL, '2026-09-07 15:42:45.464+00', NULL, NULL, 'How much would a pair of brake pads cost, with delivery?', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 37, 'visitor', 'text', '01a07c8a-76f4-79a1-a8a0-e4235b2b859e', NULL, '2026-09-07 15:44:04.34+00', NULL, NULL, 'And if I need it before the weekend? My neighbour has the same one and is very happy with it, that is why I ask.', NULL),
	(3, '01a07c2c-aa9d-7dec-9da5-18a99d10ab6e', 38, 'agent', 'event', '01a07c8a-c898-7ffb-ab49-1b2bc4b14643', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-09-07 15:44:25.24+00', NULL, NULL, '', '{"type": "resolved"}'),
	(3, '01a0a7f0-1a56-7f2a-b02f-1fc0393d0458', 1, 'visitor', 'text', '01a0a7f0-1a56-7bc0-9d69-9ef59fe6ad1d', NULL, '2026-09-16 01:58:45.59+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL),
	(3, '01a0a7f0-1a56-7f2a-b02f-1fc0393d0458', 2, 'agent', 'event', '01a0a7f0-e94f-760e-8c2b-65abcb4578bb', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-09-16 01:59:38.575+00', NULL, NULL, '', '{"to": {"id": "016f5e66-e800-77f0-a0cb-8bfed019e6ba", "name": "Elif"}, "type": "assigned"}'),
	(3, '01a0a7f0-1a56-7f2a-b02f-1fc0393d0458', 3, 'agent', 'text', '01a0a7f1-901b-72b3-a13f-b3067ea24f87', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-09-16 02:00:21.275+00', NULL, NULL, 'I found it: order 83425 left our house yesterday and should arrive today. You will get a mail with a link to follow it.', NULL),
	(3, '01a0a7f0-1a56-7f2a-b02f-1fc0393d0458', 4, 'visitor', 'text', '01a0a7f1-fa58-7716-9814-d4ddbf5d568e', NULL, '2026-09-16 02:00:48.472+00', NULL, NULL, 'Hello, a question about the child seat.', NULL),
	(3, '01a0a7f0-1a56-7f2a-b02f-1fc0393d0458', 5, 'agent', 'text', '01a0a7f2-a276-7e37-b6d5-a2dc52526560', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-09-16 02:01:31.51+00', NULL, NULL, 'Yes, the city bike is in stock and can be with you by Friday.', NULL),
	(3, '01a0a7f0-1a56-7f2a-b02f-1fc0393d0458', 6, 'visitor', 'text', '01a0a7f4-02cd-7f3f-b442-7e32cc6e4128', NULL, '2026-09-16 02:03:01.709+00', NULL, NULL, 'My order 84377 has not arrived yet. I have waited for more than a week now and heard nothing.', NULL),
	(3, '01a0a7f0-1a56-7f2a-b02f-1fc0393d0458', 7, 'agent', 'text', '01a0a7f5-6518-714f-a26f-bbef0e23a2c5', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-09-16 02:04:32.408+00', NULL, NULL, 'I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.', NULL),
	(3, '01a0a7f0-1a56-7f2a-b02f-1fc0393d0458', 8, 'visitor', 'text', '01a0a7fd-591b-727e-ae87-83d631b67e70', NULL, '2026-09-16 02:13:13.627+00', NULL, NULL, 'No, the other one: number 18265.', NULL),
	(3, '01a0a7f0-1a56-7f2a-b02f-1fc0393d0458', 9, 'agent', 'text', '01a0a7fe-10e0-7519-a09e-67273182160a', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-09-16 02:14:00.672+00', NULL, NULL, 'One moment please, I am asking a colleague.', NULL),
	(3, '01a0a7f0-1a56-7f2a-b02f-1fc0393d0458', 10, 'visitor', 'text', '01a0a803-b534-75d0-8d58-f4747ca0b031', NULL, '2026-09-16 02:20:10.42+00', NULL, NULL, 'No, the other one: number 77477.', NULL),
	(3, '01a0a7f0-1a56-7f2a-b02f-1fc0393d0458', 11, 'agent', 'text', '01a0a803-caed-7ae5-8731-48c4d1eb4c45', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-09-16 02:20:15.981+00', NULL, NULL, 'Have a nice day!', NULL),
	(3, '01a0a7f0-1a56-7f2a-b02f-1fc0393d0458', 12, 'visitor', 'text', '01a0a807-3620-7db5-8b59-81f20e0a4ad7', NULL, '2026-09-16 02:24:00.032+00', NULL, NULL, 'How much would the city bike cost, with delivery?', NULL);
INSERT INTO public.messages_2026_09 VALUES
	(3, '01a0a7f0-1a56-7f2a-b02f-1fc0393d0458', 13, 'agent', 'text', '01a0a80b-6f98-78d2-bf92-741f7da1645b', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-09-16 02:28:36.888+00', NULL, NULL, 'You are welcome! Is there anything else?', NULL),
	(3, '01a0a7f0-1a56-7f2a-b02f-1fc0393d0458', 14, 'visitor', 'text', '01a0a80e-61f4-7bbe-b4dc-ea99bde2bb10', NULL, '2026-09-16 02:31:50.004+00', NULL, NULL, 'Yes please', NULL),
	(3, '01a0a7f0-1a56-7f2a-b02f-1fc0393d0458', 15, 'agent', 'text', '01a0a810-69bf-7946-98ed-9602ed2691ad', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-09-16 02:34:03.071+00', NULL, NULL, 'I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.', NULL),
	(3, '01a0a7f0-1a56-7f2a-b02f-1fc0393d0458', 16, 'visitor', 'text', '01a0a812-8910-72c8-96bc-93b3536ccf7b', NULL, '2026-09-16 02:36:22.16+00', NULL, NULL, 'Yes please', NULL),
	(3, '01a0a7f0-1a56-7f2a-b02f-1fc0393d0458', 17, 'agent', 'event', '01a0a81d-448c-7712-9c55-a640f95f383c', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-09-16 02:48:05.516+00', NULL, NULL, '', '{"type": "resolved"}'),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 1, 'visitor', 'text', '01a0bbce-1081-762f-bd62-fd848a056588', NULL, '2026-09-19 22:33:59.169+00', NULL, NULL, 'How much would a chain lock cost, with delivery?', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 2, 'agent', 'event', '01a0bbce-3ddc-79b9-83ee-5389b60f9911', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-19 22:34:10.78+00', NULL, NULL, '', '{"to": {"id": "016f5e66-e800-7c4c-a070-4f999051a36e", "name": "Kofi"}, "type": "assigned"}'),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 3, 'visitor', 'text', '01a0bbce-63c2-70c5-8ac9-66d40b905a05', NULL, '2026-09-19 22:34:20.482+00', NULL, NULL, 'No, the other one: number 71401.', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 4, 'agent', 'text', '01a0bbce-bde2-7e31-9da1-26c0c35ee3dc', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-19 22:34:43.554+00', NULL, NULL, 'One moment please, I am asking a colleague.', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 5, 'agent', 'note', '01a0bbce-bf93-7fac-8f2d-dbb6c43adcaa', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-19 22:34:43.987+00', NULL, NULL, 'How much would the city bike cost, with delivery?', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 6, 'visitor', 'text', '01a0bbce-f14e-7e6f-9303-e05e728dd8a1', NULL, '2026-09-19 22:34:56.718+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 7, 'agent', 'text', '01a0bbce-f3fb-7431-8e44-acff0558c534', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-19 22:34:57.403+00', NULL, NULL, 'We can exchange a pair of brake pads without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office before the weekend.', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 8, 'visitor', 'text', '01a0bbcf-abfb-707f-a9b2-3d1f6c91bef1', NULL, '2026-09-19 22:35:44.507+00', NULL, NULL, 'Yes please', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 9, 'agent', 'text', '01a0bbcf-e3ce-7f80-aaf4-d580f2eb5032', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-19 22:35:58.798+00', NULL, NULL, 'Let me have a look.', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 10, 'visitor', 'text', '01a0bbd0-8450-783d-ab13-276b028b7d6b', NULL, '2026-09-19 22:36:39.888+00', NULL, NULL, 'Hello, a question about a pair of brake pads.', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 11, 'visitor', 'text', '01a0bbd0-c81f-73d9-8091-8952877f9f9c', NULL, '2026-09-19 22:36:57.247+00', NULL, NULL, 'No, the other one: number 70237.', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 12, 'agent', 'text', '01a0bbd1-6dc0-7c86-8815-572cd876fbe4', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-19 22:37:39.648+00', NULL, NULL, 'We can exchange a pair of brake pads without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office next week.', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 13, 'visitor', 'text', '01a0bbd1-d253-70ba-aaac-70c7deb18a0a', NULL, '2026-09-19 22:38:05.395+00', NULL, NULL, 'I cannot pay: after I choose the card nothing happens. I have waited for more than a week now and heard nothing. I tried it on my phone and on my laptop, with the same result both times.', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 14, 'agent', 'text', '01a0bbd2-6b1b-7fbb-8a2d-da7953551d3f', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-19 22:38:44.507+00', NULL, NULL, 'I have noted that for 59905.', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 15, 'visitor', 'text', '01a0bbd2-8a52-7548-ae9e-12b049aca533', NULL, '2026-09-19 22:38:52.498+00', NULL, NULL, 'I ordered a chain lock, but something else was in the parcel. I have waited for more than a week now and heard nothing. What should I do now?', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 16, 'agent', 'text', '01a0bbd3-3e7c-7a88-b7b7-8bde037971bc', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-19 22:39:38.62+00', NULL, NULL, 'Let me have a look.', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 17, 'visitor', 'text', '01a0bbd3-4609-7823-a7cc-b41c72c5a0f5', NULL, '2026-09-19 22:39:40.553+00', NULL, NULL, 'Yes please', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 18, 'agent', 'text', '01a0bbd3-a4e6-705e-b6ef-4ee2f287278c', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-19 22:40:04.838+00', NULL, NULL, 'I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 19, 'agent', 'note', '01a0bbd3-cdee-75d9-9734-3e66f410a87c', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-19 22:40:15.342+00', NULL, NULL, 'My order 24862 has not arrived yet. I have waited for more than a week now and heard nothing.', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 20, 'agent', 'text', '01a0bbd4-1702-76ae-984f-88c28b274d48', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-19 22:40:34.05+00', NULL, NULL, 'Yes, the 28 inch wheel is in stock and can be with you tomorrow.', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 21, 'visitor', 'text', '01a0bbd4-2afd-71ee-bd0c-12451f8a6e3c', NULL, '2026-09-19 22:40:39.165+00', NULL, NULL, 'Hello, a question about the child seat.', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 22, 'agent', 'text', '01a0bbd4-796c-74ef-bad1-3b0cee15c84c', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-19 22:40:59.244+00', NULL, NULL, 'I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 23, 'visitor', 'text', '01a0bbd4-7b4d-7340-87e1-93a9c1d0b341', NULL, '2026-09-19 22:40:59.725+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL),
	(3, '01a0bbce-1081-773b-8496-4fcf7a001a65', 24, 'agent', 'event', '01a0bbd4-84c3-72e1-b393-f8e476f2b8c1', '016f5e66-e800-7c4c-a070-4f999051a36e', '2026-09-19 22:41:02.147+00', NULL, NULL, '', '{"type": "resolved"}');

INSERT INTO public.messages_2026_10 VALUES
	(3, '01a10bb1-537c-74cd-8d16-77cb8892982e', 1, 'visitor', 'text', '01a10bb1-537c-7455-9c8d-3e81d05d0981', NULL, '2026-10-05 10:52:13.052+00', NULL, NULL, 'How much would a chain lock cost, with delivery?', NULL),
	(3, '01a10bb1-537c-74cd-8d16-77cb8892982e', 2, 'visitor', 'text', '01a10bb1-bf46-776e-98de-748fa9396a3f', NULL, '2026-10-05 10:52:40.646+00', NULL, NULL, 'No, the other one: number 71401.', NULL),
	(3, '01a10bb1-537c-74cd-8d16-77cb8892982e', 3, 'agent', 'text', '01a10bb8-1625-7e25-89df-ec35203bb9cd', '016f5e66-e800-7d7f-9be7-c2d813b7a0a7', '2026-10-05 10:59:36.101+00', NULL, NULL, 'One moment please, I am asking a colleague.', NULL),
	(3, '01a10bb1-537c-74cd-8d16-77cb8892982e', 4, 'visitor', 'text', '01a10bba-8708-7a34-917f-c99959116c70', NULL, '2026-10-05 11:02:16.072+00', NULL, NULL, 'How much would the city bike cost, with delivery?', NULL),
	(3, '01a10bb1-537c-74cd-8d16-77cb8892982e', 5, 'visitor', 'text', '01a10bbc-08ee-72cf-b892-36fcbcf624f6', NULL, '2026-10-05 11:03:54.862+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL),
	(3, '01a10bb1-537c-74cd-8d16-77cb8892982e', 6, 'agent', 'text', '01a10bbe-e131-7a92-a1ee-a9111dfadb55', '016f5e66-e800-7d7f-9be7-c2d813b7a0a7', '2026-10-05 11:07:01.297+00', NULL, NULL, 'We can exchange a pair of brake pads without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office before the weekend.', NULL),
	(3, '01a10bb1-537c-74cd-8d16-77cb8892982e', 7, 'visitor', 'text', '01a10bbf-d06c-78b1-9b82-766dd35bcd30', NULL, '2026-10-05 11:08:02.54+00', NULL, NULL, 'Yes please', NULL),
	(3, '01a10bb1-537c-74cd-8d16-77cb8892982e', 8, 'agent', 'text', '01a10bc3-e14e-7688-ad57-f9f23c40be57', '016f5e66-e800-7d7f-9be7-c2d813b7a0a7', '2026-10-05 11:12:29.006+00', NULL, NULL, 'Let me have a look.', NULL),
	(3, '01a10bb1-537c-74cd-8d16-77cb8892982e', 9, 'visitor', 'text', '01a10bc6-d7da-7caf-97f7-436ea0f48708', NULL, '2026-10-05 11:15:43.194+00', NULL, NULL, 'Hello, a question about a pair of brake pads.', NULL),
	(3, '01a10bb1-537c-74cd-8d16-77cb8892982e', 10, 'visitor', 'text', '01a10bc9-78f3-77ba-930b-ea5d73b04d69', NULL, '2026-10-05 11:18:35.507+00', NULL, NULL, 'No, the other one: number 70237.', NULL),
	(3, '01a10bb1-537c-74cd-8d16-77cb8892982e', 11, 'agent', 'event', '01a10bc9-a0ce-7920-95e8-f1ce73f91bb7', '016f5e66-e800-7d7f-9be7-c2d813b7a0a7', '2026-10-05 11:18:45.71+00', NULL, NULL, '', '{"type": "resolved"}'),
	(3, '01a1190f-744c-76f9-a8dc-5cf55921fb5b', 1, 'visitor', 'text', '01a1190f-744c-7d6c-9cac-1b0f6fd001c6', NULL, '2026-10-08 01:10:05.644+00', NULL, NULL, 'How much would the city bike cost, with delivery?', NULL),
	(3, '01a1190f-744c-76f9-a8dc-5cf55921fb5b', 2, 'agent', 'event', '01a11911-eaa0-7f12-ae3f-307b334b7a92', '016f5e66-e800-79ec-bb16-406ca90b9f9a', '2026-10-08 01:12:47.008+00', NULL, NULL, '', '{"to": {"id": "016f5e66-e800-79ec-bb16-406ca90b9f9a", "name": "Ada"}, "type": "assigned"}'),
	(3, '01a1190f-744c-76f9-a8dc-5cf55921fb5b', 3, 'agent', 'text', '01a11913-090c-7006-a298-5badbc228557', '016f5e66-e800-79ec-bb16-406ca90b9f9a', '2026-10-08 01:14:00.332+00', NULL, NULL, 'Yes, the city bike is in stock and can be with you today.', NULL),
	(3, '01a1190f-744c-76f9-a8dc-5cf55921fb5b', 4, 'visitor', 'text', '01a1192d-6755-7428-aa62-52b6f96d23ae', NULL, '2026-10-08 01:42:48.405+00', NULL, NULL, 'I cannot pay: after I choose the card nothing happens. I have waited for more than a week now and heard nothing. The page says one thing and the mail that I got says another.', NULL),
	(3, '01a1190f-744c-76f9-a8dc-5cf55921fb5b', 5, 'agent', 'text', '01a1192e-239a-7a62-98b3-7c81c77fdf5c', '016f5e66-e800-79ec-bb16-406ca90b9f9a', '2026-10-08 01:43:36.602+00', NULL, NULL, 'I found it: order 94853 left our house yesterday and should arrive tomorrow. You will get a mail with a link to follow it.', NULL),
	(3, '01a1190f-744c-76f9-a8dc-5cf55921fb5b', 6, 'agent', 'text', '01a1193b-893d-7580-bb78-bcca16d5e5fc', '016f5e66-e800-79ec-bb16-406ca90b9f9a', '2026-10-08 01:58:14.589+00', NULL, NULL, 'Yes, the 28 inch wheel is in stock and can be with you today.', NULL),
	(3, '01a1190f-744c-76f9-a8dc-5cf55921fb5b', 7, 'visitor', 'text', '01a11946-92a1-72ec-a958-0d2a6fcaf6e7', NULL, '2026-10-08 02:10:17.889+00', NULL, NULL, 'Is a chain lock available before the weekend?', NULL),
	(3, '01a1317a-4dc6-7184-a94f-57eb70f7d52f', 1, 'visitor', 'text', '01a1317a-4dc6-7b4e-b66c-0282ca0ac99e', NULL, '2026-10-12 18:57:41.318+00', NULL, NULL, 'I ordered the 28 inch wheel, but something else was in the parcel. I have waited for more than a week now and heard nothing. What should I do now?', NULL),
	(3, '01a1317a-4dc6-7184-a94f-57eb70f7d52f', 2, 'agent', 'event', '01a1317b-51f8-7730-a7c1-11a68f45792a', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-10-12 18:58:47.928+00', NULL, NULL, '', '{"to": {"id": "016f5e66-e800-741f-aabd-88a4004057b1", "name": "Femi"}, "type": "assigned"}'),
	(3, '01a1317a-4dc6-7184-a94f-57eb70f7d52f', 3, 'agent', 'text', '01a1317b-83bd-73b3-9432-578d25aa6400', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-10-12 18:59:00.669+00', NULL, NULL, 'Hello! How can I help?', NULL),
	(3, '01a1317a-4dc6-7184-a94f-57eb70f7d52f', 4, 'visitor', 'text', '01a13180-2ec3-7507-b17d-28c8b53266f4', NULL, '2026-10-12 19:04:06.595+00', NULL, NULL, 'Yes please', NULL),
	(3, '01a1317a-4dc6-7184-a94f-57eb70f7d52f', 5, 'agent', 'text', '01a13180-49df-784d-9de8-f50f86c2ef7d', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-10-12 19:04:13.535+00', NULL, NULL, 'You are welcome! Is there anything else?', NULL),
	(3, '01a1317a-4dc6-7184-a94f-57eb70f7d52f', 6, 'visitor', 'text', '01a13180-6437-7d6c-a0a5-6b953bb24d8c', NULL, '2026-10-12 19:04:20.279+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL),
	(3, '01a1317a-4dc6-7184-a94f-57eb70f7d52f', 7, 'visitor', 'text', '01a13180-77a1-7969-87fc-697f03de5511', NULL, '2026-10-12 19:04:25.249+00', NULL, NULL, 'Hi', NULL),
	(3, '01a1317a-4dc6-7184-a94f-57eb70f7d52f', 8, 'agent', 'event', '01a13181-64b3-773b-b10e-3fffd06876b0', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-10-12 19:05:25.939+00', NULL, NULL, '', '{"type": "resolved"}'),
	(3, '01a140f5-5e44-7d53-a7b2-129337f6c2ca', 1, 'visitor', 'text', '01a140f5-5e44-77ef-a0f7-828b1e8a09d1', NULL, '2026-10-15 19:06:24.708+00', NULL, NULL, 'My order 83384 has not arrived yet. The page says one thing and the mail that I got says another.', NULL),
	(3, '01a140f5-5e44-7d53-a7b2-129337f6c2ca', 2, 'agent', 'event', '01a140f5-7a8c-7bc4-a824-e43b64efdb62', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-15 19:06:31.948+00', NULL, NULL, '', '{"to": {"id": "016f5e66-e800-77f0-a0cb-8bfed019e6ba", "name": "Elif"}, "type": "assigned"}'),
	(3, '01a140f5-5e44-7d53-a7b2-129337f6c2ca', 3, 'agent', 'text', '01a140f5-f61d-7f4a-a185-7cdabcf41bff', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-15 19:07:03.581+00', NULL, NULL, 'You are welcome! Is there anything else?', NULL),
	(3, '01a140f5-5e44-7d53-a7b2-129337f6c2ca', 4, 'agent', 'event', '01a140f6-8adb-7c3e-a39a-7836e8ddcf7b', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-15 19:07:41.659+00', NULL, NULL, '', '{"type": "resolved"}'),
	(3, '01a145c1-e978-77c6-a5e0-a01cf231b327', 1, 'visitor', 'text', '01a145c1-e978-75cb-b0a2-460c1e42502d', NULL, '2026-10-16 17:28:18.552+00', NULL, NULL, 'No, the other one: number 56087.', NULL),
	(3, '01a145c1-e978-77c6-a5e0-a01cf231b327', 2, 'agent', 'event', '01a145c3-38f1-7cb6-9365-67c3ff4d0fc8', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-10-16 17:29:44.433+00', NULL, NULL, '', '{"to": {"id": "016f5e66-e800-788b-811f-7ffa9af094ce", "name": "Greta"}, "type": "assigned"}'),
	(3, '01a145c1-e978-77c6-a5e0-a01cf231b327', 3, 'agent', 'text', '01a145d2-b0f7-73d0-95a8-c5e8179237dc', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-10-16 17:46:38.199+00', NULL, NULL, 'Hello! How can I help?', NULL),
	(3, '01a145c1-e978-77c6-a5e0-a01cf231b327', 4, 'agent', 'note', '01a145d4-593b-7145-a9c2-63562ffe8d3c', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-10-16 17:48:26.811+00', NULL, NULL, 'I ordered the city bike, but something else was in the parcel. My neighbour has the same one and is very happy with it, that is why I ask. What should I do now?', NULL),
	(3, '01a145c1-e978-77c6-a5e0-a01cf231b327', 5, 'agent', 'text', '01a145d8-9c3f-7c93-bfda-6da4411af400', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-10-16 17:53:06.111+00', NULL, NULL, 'We can exchange the city bike without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office next week.', NULL),
	(3, '01a145c1-e978-77c6-a5e0-a01cf231b327', 6, 'visitor', 'text', '01a145d9-cec9-79a7-9346-133bac762b5d', NULL, '2026-10-16 17:54:24.585+00', NULL, NULL, 'ok', NULL),
	(3, '01a145c1-e978-77c6-a5e0-a01cf231b327', 7, 'agent', 'event', '01a145da-082f-7eb4-9e3f-63e882e6f20f', '016f5e66-e800-788b-811f-7ffa9af094ce', '2026-10-16 17:54:39.279+00', NULL, NULL, '', '{"type": "resolved"}'),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 1, 'visitor', 'text', '01a1687f-55ff-703a-842e-aca5daed5ae6', NULL, '2026-10-23 11:22:17.983+00', NULL, NULL, 'How much would a pair of brake pads cost, with delivery?', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 2, 'agent', 'event', '01a1687f-8391-7d86-89ac-b5b4d07693c7', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-23 11:22:29.649+00', NULL, NULL, '', '{"to": {"id": "016f5e66-e800-77f0-a0cb-8bfed019e6ba", "name": "Elif"}, "type": "assigned"}'),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 3, 'agent', 'note', '01a1687f-96ce-70cd-908e-ab6dec8d7409', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-23 11:22:34.574+00', NULL, NULL, 'I found it: order 52571 left our house yesterday and should arrive at the end of the month. You will get a mail with a link to follow it.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 4, 'agent', 'text', '01a16885-1552-75eb-9e4b-11f772be49ba', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-23 11:28:34.642+00', NULL, NULL, 'Yes, the child seat is in stock and can be with you by Friday.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 5, 'visitor', 'text', '01a16885-77a3-7186-95d1-7867dad4e194', NULL, '2026-10-23 11:28:59.811+00', NULL, NULL, 'My order 89824 has not arrived yet. My neighbour has the same one and is very happy with it, that is why I ask.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 6, 'agent', 'text', '01a16886-4b30-7235-920a-94fd1e6d3026', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-23 11:29:53.968+00', NULL, NULL, 'I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 7, 'visitor', 'text', '01a16886-4eca-753a-9fd4-3264662a2d9e', NULL, '2026-10-23 11:29:54.89+00', NULL, NULL, 'Can I send back the child seat? My neighbour has the same one and is very happy with it, that is why I ask.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 8, 'agent', 'text', '01a16887-2df0-7e2e-b104-180cbcb9db57', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-23 11:30:52.016+00', NULL, NULL, 'Hello! How can I help?', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 9, 'visitor', 'text', '01a16887-3b58-7946-9250-8e094096e9d0', NULL, '2026-10-23 11:30:55.448+00', NULL, NULL, 'Can I send back the 28 inch wheel? It is a present, so it would have to arrive in time.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 10, 'agent', 'text', '01a16887-435a-7af3-9da4-e34d2a75d725', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-23 11:30:57.498+00', NULL, NULL, 'Hello! How can I help?', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 11, 'visitor', 'text', '01a16887-5dd3-7381-b4d4-c9d85e75172b', NULL, '2026-10-23 11:31:04.275+00', NULL, NULL, 'I ordered a pair of brake pads, but something else was in the parcel. My neighbour has the same one and is very happy with it, that is why I ask. What should I do now?', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 12, 'agent', 'text', '01a16887-72fb-7dd0-8785-f92a2c9480e3', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-23 11:31:09.691+00', NULL, NULL, 'You are welcome! Is there anything else?', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 13, 'visitor', 'text', '01a16888-132e-7486-b4c5-655827c4948e', NULL, '2026-10-23 11:31:50.702+00', NULL, NULL, 'How much would a chain lock cost, with delivery?', NULL);
INSERT INTO public.messages_2026_10 VALUES
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 14, 'visitor', 'text', '01a16888-943f-79d0-8018-25647bd287b7', NULL, '2026-10-23 11:32:23.743+00', NULL, NULL, 'No, the other one: number 71401.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 15, 'agent', 'text', '01a16888-9af9-7a3e-9082-91710689d51e', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-23 11:32:25.465+00', NULL, NULL, 'One moment please, I am asking a colleague.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 16, 'visitor', 'text', '01a16888-eedf-76af-8033-1bd110d35b5d', NULL, '2026-10-23 11:32:46.943+00', NULL, NULL, 'How much would the city bike cost, with delivery?', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 17, 'visitor', 'text', '01a1688a-4c90-7774-9a1e-5af0d13cc9af', NULL, '2026-10-23 11:34:16.464+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 18, 'agent', 'text', '01a1688a-56a6-70f6-88ef-477a76ab3701', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-23 11:34:19.046+00', NULL, NULL, 'We can exchange a pair of brake pads without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office before the weekend.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 19, 'visitor', 'text', '01a1688a-96ab-7638-ac19-a50058686816', NULL, '2026-10-23 11:34:35.435+00', NULL, NULL, 'Yes please', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 20, 'agent', 'text', '01a1688a-b786-7780-882d-82126706d977', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-23 11:34:43.846+00', NULL, NULL, 'Let me have a look.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 21, 'visitor', 'text', '01a1689a-6216-72bc-9e85-16e7d475b9c7', NULL, '2026-10-23 11:51:50.55+00', NULL, NULL, 'Hello, a question about a pair of brake pads.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 22, 'visitor', 'text', '01a1689a-d5e6-7017-95c6-de751358ffe6', NULL, '2026-10-23 11:52:20.198+00', NULL, NULL, 'No, the other one: number 70237.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 23, 'agent', 'text', '01a1689b-22d4-7158-842d-26aaa9507eb4', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-23 11:52:39.892+00', NULL, NULL, 'We can exchange a pair of brake pads without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office next week.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 24, 'visitor', 'text', '01a1689b-4055-7c4a-9944-5d6399c2445c', NULL, '2026-10-23 11:52:47.445+00', NULL, NULL, 'I cannot pay: after I choose the card nothing happens. I have waited for more than a week now and heard nothing. I tried it on my phone and on my laptop, with the same result both times.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 25, 'agent', 'text', '01a1689b-6b75-73b6-940b-142fc2bfb168', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-23 11:52:58.485+00', NULL, NULL, 'I have noted that for 59905.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 26, 'visitor', 'text', '01a168a1-86cc-79b3-bf1c-c348475049f8', NULL, '2026-10-23 11:59:38.7+00', NULL, NULL, 'I ordered a chain lock, but something else was in the parcel. I have waited for more than a week now and heard nothing. What should I do now?', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 27, 'agent', 'text', '01a168a2-9ffd-7936-91b7-57dcab76c1db', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-23 12:00:50.685+00', NULL, NULL, 'Let me have a look.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 28, 'visitor', 'text', '01a168a3-3217-7818-8466-2aa35ce94a80', NULL, '2026-10-23 12:01:28.087+00', NULL, NULL, 'Yes please', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 29, 'agent', 'text', '01a168a3-4178-7743-89cc-42ecacb40ad3', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-23 12:01:32.024+00', NULL, NULL, 'I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 30, 'visitor', 'text', '01a168a3-446c-7597-9bb7-10f89c07c533', NULL, '2026-10-23 12:01:32.78+00', NULL, NULL, 'My order 24862 has not arrived yet. I have waited for more than a week now and heard nothing.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 31, 'agent', 'text', '01a168a3-652c-7191-9758-838767428e0d', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-23 12:01:41.164+00', NULL, NULL, 'Yes, the 28 inch wheel is in stock and can be with you tomorrow.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 32, 'visitor', 'text', '01a168a6-3510-7112-bd1f-0c1f30abf024', NULL, '2026-10-23 12:04:45.456+00', NULL, NULL, 'Hello, a question about the child seat.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 33, 'agent', 'text', '01a168a6-e3b3-7a6e-a6f3-a14671266ab1', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-23 12:05:30.163+00', NULL, NULL, 'I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 34, 'visitor', 'text', '01a168a6-e5a5-7976-9dea-45c9681f27fb', NULL, '2026-10-23 12:05:30.661+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 35, 'agent', 'text', '01a168a7-03b0-7ab3-8fa2-2de860695698', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-23 12:05:38.352+00', NULL, NULL, 'Yes, a pair of brake pads is in stock and can be with you tomorrow.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 36, 'agent', 'text', '01a168a7-0eb6-7803-9564-c052b3a4c9c0', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-23 12:05:41.174+00', NULL, NULL, 'Let me have a look.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 37, 'visitor', 'text', '01a168a7-715d-76b2-8db3-56f5eac68d18', NULL, '2026-10-23 12:06:06.429+00', NULL, NULL, 'Can I send back the city bike? It is a present, so it would have to arrive in time.', NULL),
	(3, '01a1687f-55ff-733a-9b2c-f261b8a570e9', 38, 'agent', 'event', '01a168a7-8f22-7f72-8a14-2e8757a46ed7', '016f5e66-e800-77f0-a0cb-8bfed019e6ba', '2026-10-23 12:06:14.05+00', NULL, NULL, '', '{"type": "resolved"}');

INSERT INTO public.messages_2026_11 VALUES
	(1, '01a224cf-c16d-7e55-96f3-9a93ded87734', 1, 'visitor', 'text', '01a224cf-c12d-7566-9b2c-0afdcb72e3ab', NULL, '2026-11-29 00:58:44.957628+00', NULL, NULL, 'Is anybody there?', NULL),
	(1, '01a224cf-c16d-7e55-96f3-9a93ded87734', 2, 'agent', 'text', '01a224cf-c1ea-7034-91d3-7a7a830b69b6', '01a224cf-bcc9-7d9f-a2cf-4309060cd468', '2026-11-29 00:58:45.160729+00', NULL, NULL, 'Yes, how can I help?', NULL),
	(1, '01a224cf-c16d-7e55-96f3-9a93ded87734', 3, 'visitor', 'text', '01a224cf-c259-7c38-948c-ac702bf8fe6f', NULL, '2026-11-29 00:58:45.215422+00', NULL, NULL, 'Do you repair bicycles?', NULL),
	(1, '01a224cf-c2c9-76ff-bd02-c8c7db147e6a', 2, 'agent', 'event', '01a224cf-c2f0-7cb7-b370-851315c478db', '01a224cf-bcc9-7d9f-a2cf-4309060cd468', '2026-11-29 00:58:45.349593+00', NULL, NULL, '', '{"to": {"id": "01a224cf-bcc9-7d9f-a2cf-4309060cd468", "name": "Ben Agent"}, "type": "assigned"}'),
	(1, '01a224cf-c2c9-76ff-bd02-c8c7db147e6a', 4, 'agent', 'event', '01a224cf-c336-7276-95cb-4f632ac5420f', '01a224cf-bcc9-7d9f-a2cf-4309060cd468', '2026-11-29 00:58:45.427736+00', NULL, NULL, '', '{"type": "resolved"}'),
	(1, '01a224cf-c2c9-76ff-bd02-c8c7db147e6a', 5, 'agent', 'event', '01a224cf-c346-7935-8acb-039a40e8568d', '01a224cf-bcc9-7d9f-a2cf-4309060cd468', '2026-11-29 00:58:45.445297+00', NULL, NULL, '', '{"type": "reopened"}'),
	(1, '01a224cf-c2c9-76ff-bd02-c8c7db147e6a', 6, 'agent', 'text', '01a224cf-c34f-76c5-ba51-303ef428f38f', '01a224cf-bcc9-7d9f-a2cf-4309060cd468', '2026-11-29 00:58:45.467461+00', NULL, NULL, 'It is on its way to you.', NULL),
	(1, '01a224cf-c3b5-705e-91ba-05735af14096', 1, 'visitor', 'text', '01a224cf-c3a7-7168-a13e-bba7cfb2169f', NULL, '2026-11-29 00:58:45.552684+00', NULL, NULL, 'Please forget this.', NULL),
	(1, '01a224cf-c2c9-76ff-bd02-c8c7db147e6a', 1, 'visitor', 'text', '01a224cf-c2ad-7978-87fd-cf311bfa9fd5', NULL, '2026-11-29 00:58:45.311465+00', NULL, '2026-11-29 00:58:45.568584+00', 'Where is my parcel?', NULL),
	(1, '01a224cf-c2c9-76ff-bd02-c8c7db147e6a', 3, 'agent', 'note', '01a224cf-c2fa-704f-a4aa-6fbdc7da5f18', '01a224cf-bcc9-7d9f-a2cf-4309060cd468', '2026-11-29 00:58:45.397646+00', '2026-11-29 00:58:45.568584+00', NULL, 'Ask the warehouse', NULL),
	(3, '01a1b6de-1bb1-7df5-8810-2b1b336764de', 1, 'visitor', 'text', '01a1b6de-1bb1-775d-aaef-5725679bdba9', NULL, '2026-11-07 16:36:11.825+00', NULL, NULL, 'Hello, a question about a pair of brake pads.', NULL),
	(3, '01a1b6de-1bb1-7df5-8810-2b1b336764de', 2, 'agent', 'event', '01a1b6df-ae15-7ee2-a8f2-8d5919b96f4f', '016f5e66-e800-794a-bc33-46cac3895239', '2026-11-07 16:37:54.837+00', NULL, NULL, '', '{"type": "resolved"}'),
	(3, '01a1c2cd-14dc-77fe-8dea-0833f17ab2d9', 1, 'visitor', 'text', '01a1c2cd-14dc-7eae-827e-876fa580c658', NULL, '2026-11-10 00:13:02.556+00', NULL, NULL, 'ok', NULL),
	(3, '01a1c2cd-14dc-77fe-8dea-0833f17ab2d9', 2, 'visitor', 'text', '01a1c2cd-4d3e-74e8-bb39-a27e6a91ee5b', NULL, '2026-11-10 00:13:16.99+00', NULL, NULL, 'Can I send back the 28 inch wheel? My neighbour has the same one and is very happy with it, that is why I ask.', NULL),
	(3, '01a1c2cd-14dc-77fe-8dea-0833f17ab2d9', 3, 'visitor', 'text', '01a1c2cd-613f-7376-b734-0ff8468ca07b', NULL, '2026-11-10 00:13:22.111+00', NULL, NULL, 'Hi', NULL),
	(3, '01a1c2cd-14dc-77fe-8dea-0833f17ab2d9', 4, 'visitor', 'text', '01a1c2cf-1f6c-7990-ae7b-fc81b4c047c7', NULL, '2026-11-10 00:15:16.332+00', NULL, NULL, 'I ordered a pair of brake pads, but something else was in the parcel. It is a present, so it would have to arrive in time. What should I do now?', NULL),
	(3, '01a1c2cd-14dc-77fe-8dea-0833f17ab2d9', 5, 'visitor', 'text', '01a1c2cf-2d24-77c3-ac00-a09bfa9203cb', NULL, '2026-11-10 00:15:19.844+00', NULL, NULL, 'Hello, a question about the city bike.', NULL),
	(3, '01a1c2cd-14dc-77fe-8dea-0833f17ab2d9', 6, 'visitor', 'text', '01a1c2d1-4d51-72f6-a5af-6af74099926d', NULL, '2026-11-10 00:17:39.153+00', NULL, NULL, 'How much would a pair of brake pads cost, with delivery?', NULL),
	(3, '01a1c2cd-14dc-77fe-8dea-0833f17ab2d9', 7, 'visitor', 'text', '01a1c2d4-f4e1-7fb4-9cbc-9ab8373bb514', NULL, '2026-11-10 00:21:38.657+00', NULL, NULL, 'Is a chain lock available today?', NULL),
	(3, '01a1c2cd-14dc-77fe-8dea-0833f17ab2d9', 8, 'visitor', 'text', '01a1c2d6-2aee-7470-91ea-5683723a6659', NULL, '2026-11-10 00:22:58.03+00', NULL, NULL, 'I ordered a chain lock, but something else was in the parcel. I have waited for more than a week now and heard nothing. What should I do now?', NULL),
	(3, '01a1c2cd-14dc-77fe-8dea-0833f17ab2d9', 9, 'visitor', 'text', '01a1c2d6-c794-7ee4-82a4-98a36ecad6b1', NULL, '2026-11-10 00:23:38.132+00', NULL, NULL, 'ok', NULL),
	(3, '01a1c2cd-14dc-77fe-8dea-0833f17ab2d9', 10, 'visitor', 'text', '01a1c2d7-75af-76cd-aebf-95b51afb4b5d', NULL, '2026-11-10 00:24:22.703+00', NULL, NULL, 'That would be great, thank you!', NULL),
	(3, '01a1c2cd-14dc-77fe-8dea-0833f17ab2d9', 11, 'visitor', 'text', '01a1c2d7-e8f9-7f97-84d1-d47ea271021c', NULL, '2026-11-10 00:24:52.217+00', NULL, NULL, 'My order 45844 has not arrived yet. My neighbour has the same one and is very happy with it, that is why I ask.', NULL),
	(3, '01a1c2cd-14dc-77fe-8dea-0833f17ab2d9', 12, 'visitor', 'text', '01a1c2d8-3155-77a3-ad1c-6df4a8271c20', NULL, '2026-11-10 00:25:10.741+00', NULL, NULL, 'That would be great, thank you!', NULL),
	(3, '01a1c2cd-14dc-77fe-8dea-0833f17ab2d9', 13, 'visitor', 'text', '01a1c2d9-5e83-7c44-9860-4c3de6b4133e', NULL, '2026-11-10 00:26:27.843+00', NULL, NULL, 'Yes please', NULL),
	(3, '01a1c2cd-14dc-77fe-8dea-0833f17ab2d9', 14, 'visitor', 'text', '01a1c2d9-9c24-7e00-acd5-aea6d99d4281', NULL, '2026-11-10 00:26:43.62+00', NULL, NULL, 'How much would the child seat cost, with delivery?', NULL),
	(3, '01a1c2cd-14dc-77fe-8dea-0833f17ab2d9', 15, 'visitor', 'text', '01a1c2da-387d-7e3f-b55f-a97da8429e65', NULL, '2026-11-10 00:27:23.645+00', NULL, NULL, 'No, the other one: number 19002.', NULL),
	(3, '01a1c2cd-14dc-77fe-8dea-0833f17ab2d9', 16, 'visitor', 'text', '01a1c2da-59c4-78cd-89df-9578bfb453d2', NULL, '2026-11-10 00:27:32.164+00', NULL, NULL, 'Is the city bike available before the weekend?', NULL),
	(3, '01a1c2cd-14dc-77fe-8dea-0833f17ab2d9', 17, 'visitor', 'text', '01a1c2dd-25f1-7b3b-8805-9bd056424f4c', NULL, '2026-11-10 00:30:35.505+00', NULL, NULL, 'That would be great, thank you!', NULL),
	(3, '01a1c2cd-14dc-77fe-8dea-0833f17ab2d9', 18, 'visitor', 'text', '01a1c2dd-9bf2-7a39-8381-3997c3b9268e', NULL, '2026-11-10 00:31:05.714+00', NULL, NULL, 'Hi', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 1, 'visitor', 'text', '01a1f737-9c4b-7cba-a366-eca5eee5d7d4', NULL, '2026-11-20 04:29:39.275+00', NULL, NULL, 'Can I send back a pair of brake pads? I have waited for more than a week now and heard nothing.', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 2, 'agent', 'event', '01a1f737-b46b-76b7-a604-eebf614ddbe6', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 04:29:45.451+00', NULL, NULL, '', '{"to": {"id": "016f5e66-e800-741f-aabd-88a4004057b1", "name": "Femi"}, "type": "assigned"}'),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 3, 'visitor', 'text', '01a1f737-eda5-7db4-9bd3-363e1024a254', NULL, '2026-11-20 04:30:00.101+00', NULL, NULL, 'Thanks, that is all I wanted to know :)', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 4, 'agent', 'text', '01a1f738-090c-784a-963d-7ff4408a5545', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 04:30:07.116+00', NULL, NULL, 'I found it: order 18868 left our house yesterday and should arrive by Friday. You will get a mail with a link to follow it.', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 5, 'agent', 'text', '01a1f738-19bd-7bc0-ac32-2897396104f2', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 04:30:11.389+00', NULL, NULL, 'Yes, the child seat is in stock and can be with you today.', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 6, 'visitor', 'text', '01a1f738-1d9a-7e8b-bc34-3c9d8085ced9', NULL, '2026-11-20 04:30:12.378+00', NULL, NULL, 'Is the child seat available today?', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 7, 'agent', 'text', '01a1f738-9401-79a5-828c-29f840f67170', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 04:30:42.689+00', NULL, NULL, 'One moment please, I am asking a colleague.', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 8, 'agent', 'text', '01a1f739-1f2b-7070-8239-285f6602bc26', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 04:31:18.315+00', NULL, NULL, 'Yes, the 28 inch wheel is in stock and can be with you at the end of the month.', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 9, 'visitor', 'text', '01a1f739-41ba-7a1b-a9e8-0123dd3021cd', NULL, '2026-11-20 04:31:27.162+00', NULL, NULL, 'How much would the child seat cost, with delivery?', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 10, 'agent', 'text', '01a1f739-4919-70c6-8147-0ecfd40bb6e8', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 04:31:29.049+00', NULL, NULL, 'One moment please, I am asking a colleague.', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 11, 'visitor', 'text', '01a1f73a-f2d0-71fb-bd4b-82cc6f2eaf9f', NULL, '2026-11-20 04:33:18.032+00', NULL, NULL, 'No, the other one: number 19578.', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 12, 'agent', 'text', '01a1f73b-54e6-7681-b2e5-08e63c146eef', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 04:33:43.142+00', NULL, NULL, 'I am sorry about that. Could you tell me your order number? It has five digits and stands in the mail.', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 13, 'visitor', 'text', '01a1f73b-60b7-72f8-ac58-74d050701506', NULL, '2026-11-20 04:33:46.167+00', NULL, NULL, 'ok', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 14, 'agent', 'text', '01a1f73c-7f68-7939-94d0-5a6d2942e2af', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 04:34:59.56+00', NULL, NULL, 'Please try it once more now. If it still does not work, tell me which browser you use, and I will pass it on before the weekend.', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 15, 'visitor', 'text', '01a1f73c-8794-7667-9fca-c45a8af6e0a7', NULL, '2026-11-20 04:35:01.652+00', NULL, NULL, 'That would be great, thank you!', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 16, 'agent', 'text', '01a1f73c-a321-7e61-810b-f298562aaa68', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 04:35:08.705+00', NULL, NULL, 'Let me have a look.', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 17, 'visitor', 'text', '01a1f73c-df2b-7318-9213-b6e55d845c00', NULL, '2026-11-20 04:35:24.075+00', NULL, NULL, 'I cannot pay: after I choose the card nothing happens. The page says one thing and the mail that I got says another. The page says one thing and the mail that I got says another.', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 18, 'agent', 'text', '01a1f73c-eae5-7ff0-b70e-823d2b9e9074', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 04:35:27.077+00', NULL, NULL, 'We can exchange the city bike without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office next week.', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 19, 'visitor', 'text', '01a1f73c-f12b-7714-9256-2fcdb9870145', NULL, '2026-11-20 04:35:28.683+00', NULL, NULL, 'Hi', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 20, 'agent', 'text', '01a1f73d-8640-7f74-8b6e-24a3b29d718a', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 04:36:06.848+00', NULL, NULL, 'Yes, a pair of brake pads is in stock and can be with you by Friday.', NULL);
INSERT INTO public.messages_2026_11 VALUES
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 21, 'visitor', 'text', '01a1f740-987a-72d9-936d-faf2ab671af4', NULL, '2026-11-20 04:39:28.122+00', NULL, NULL, 'No, the other one: number 49458.', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 22, 'agent', 'text', '01a1f740-fd99-70cd-9a4d-39051c7ed548', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 04:39:54.009+00', NULL, NULL, 'Hello! How can I help?', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 23, 'visitor', 'text', '01a1f741-0a75-7109-ae7c-1e4f8a116dcb', NULL, '2026-11-20 04:39:57.301+00', NULL, NULL, 'ok', NULL),
	(3, '01a1f737-9c4b-741e-8814-aa60bea1252b', 24, 'agent', 'text', '01a1f741-1898-7d21-a2e9-278610a3da4d', '016f5e66-e800-741f-aabd-88a4004057b1', '2026-11-20 04:40:00.92+00', NULL, NULL, 'We can exchange the city bike without any cost. I have sent you a label by mail; print it, put it on the parcel and bring it to any post office tomorrow.', NULL);

INSERT INTO public.pgmigrations VALUES
	(1, '0001_chat', '2026-11-29 00:58:39.408697'),
	(2, '0002_access_paths', '2026-11-29 00:58:40.084695'),
	(3, '0003_partitions', '2026-11-29 00:58:40.192694'),
	(4, '0004_message_ids', '2026-11-29 00:58:40.528682'),
	(5, '0005_message_ids_before', '2026-11-29 00:58:40.569276');

INSERT INTO public.sessions VALUES
	('01a224cf-bc71-7e69-98e5-568822884086', '01a224cf-b8f0-706d-be70-34691ac80be0', '2XpOzTag5uFfcVOdKO9malqDT7t2X0IU', '2026-12-29 00:58:43.695+00', '', 'node', '2026-11-29 00:58:43.696+00', '2026-11-29 00:58:43.696+00'),
	('01a224cf-c049-78d9-b83e-24f0a18b290d', '01a224cf-bcc9-7d9f-a2cf-4309060cd468', 'GLSR1nHBv637EQCnwvWLrXk9dRLwKtYA', '2026-12-29 00:58:44.681+00', '', 'node', '2026-11-29 00:58:44.681+00', '2026-11-29 00:58:44.681+00');

INSERT INTO public.users VALUES
	('01a224cf-b8f0-706d-be70-34691ac80be0', 'Olga Owner', 'olga@shop.example', false, NULL, '2026-11-29 00:58:42.797044+00', '2026-11-29 00:58:42.797044+00'),
	('01a224cf-bcc9-7d9f-a2cf-4309060cd468', 'Ben Agent', '2dae12bec06f@team.example', false, NULL, '2026-11-29 00:58:43.778474+00', '2026-11-29 00:58:43.778474+00'),
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
	('d6c0a704-f6d2-4a49-92f0-ac6bbed6d7d2', 'reset:olga@shop.example', 'expired', '2026-11-28 00:58:45.579666+00', '2026-11-29 00:58:45.579666+00', '2026-11-29 00:58:45.579666+00');

INSERT INTO public.visitors VALUES
	(1, '01a224cf-c0b9-7fb9-a860-5e1b0783134f', NULL, NULL, NULL, '{}', 'https://shop.example/bikes', NULL, 'node', '*', '2026-11-29 00:58:44.957628+00', '2026-11-29 00:58:44.957628+00', NULL),
	(1, '01a224cf-c2a6-7d44-8f28-eeac982923b1', 'customer-1', 'Carla Customer', NULL, '{}', 'https://shop.example/bikes', NULL, 'node', '*', '2026-11-29 00:58:45.311465+00', '2026-11-29 00:58:45.311465+00', NULL),
	(1, '01a224cf-c3a2-7134-bfb0-41ea636f6930', NULL, NULL, NULL, '{}', 'https://shop.example/bikes', NULL, 'node', '*', '2026-11-29 00:58:45.552684+00', '2026-11-29 00:58:45.552684+00', NULL),
	(3, '019ff81f-b337-7d3d-b7ac-73b6d6ec5ea0', NULL, NULL, NULL, '{}', 'https://shop-1.example/products/77', 'products/77', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 'en', '2026-08-12 22:37:34.903+00', '2026-08-12 22:42:13.311+00', NULL),
	(3, '01a0a7f0-1a56-7973-b821-2db5d0a95ef1', 'customer-3', 'Alice Owen', 'alice.owen.3@visitors.example', '{}', 'https://shop-1.example/pricing', 'pricing', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 'es', '2026-09-16 01:58:45.59+00', '2026-09-16 02:48:05.516+00', NULL),
	(3, '01a0bbce-1081-77f7-8c46-85983f4b2508', NULL, 'Emma Foster', 'emma.foster.4@visitors.example', '{}', 'https://shop-1.example/help/delivery', 'help/delivery', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', 'de', '2026-09-19 22:33:59.169+00', '2026-09-19 22:41:02.147+00', NULL),
	(3, '019fd173-61c0-7d80-a22f-463dcb9612b8', NULL, NULL, NULL, '{}', 'https://shop-1.example/products/77', 'products/77', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', 'de', '2026-08-05 10:23:47.648+00', '2026-09-07 15:44:25.24+00', NULL),
	(3, '01a10bb1-537c-7c5c-9c95-bc91c50670c5', NULL, NULL, NULL, '{}', 'https://shop-1.example/help/delivery', 'help/delivery', 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0', 'en-GB', '2026-10-05 10:52:13.052+00', '2026-10-05 11:18:45.71+00', NULL),
	(3, '01a1190f-744c-7e41-9979-ab4786b4385b', NULL, NULL, NULL, '{}', 'https://shop-1.example/pricing', 'pricing', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 'de', '2026-10-08 01:10:05.644+00', '2026-10-08 02:10:17.889+00', NULL),
	(3, '01a1317a-4dc6-72ba-a45e-f855e325a4e8', NULL, NULL, NULL, '{}', 'https://shop-1.example/contact', 'contact', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', 'es', '2026-10-12 18:57:41.318+00', '2026-10-12 19:05:25.939+00', NULL),
	(3, '01a140f5-5e44-795c-b1b4-4d9600bef7bc', NULL, NULL, NULL, '{}', 'https://shop-1.example/cart', 'cart', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 'es', '2026-10-15 19:06:24.708+00', '2026-10-15 19:07:41.659+00', NULL),
	(3, '01a145c1-e978-78a9-a2a7-90e50c43ea7c', NULL, 'Clara Foster', 'clara.foster.9@visitors.example', '{}', 'https://shop-1.example/pricing', 'pricing', 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0', 'fr', '2026-10-16 17:28:18.552+00', '2026-10-16 17:54:39.279+00', NULL),
	(3, '01a1687f-55ff-7830-8b2b-eb5b0ebb6871', NULL, NULL, NULL, '{}', 'https://shop-1.example/help/delivery', 'help/delivery', 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0', 'pt-BR', '2026-10-23 11:22:17.983+00', '2026-10-23 12:06:14.05+00', NULL),
	(3, '01a1b6de-1bb1-7367-9af8-d67c58e4b2fe', NULL, NULL, NULL, '{}', 'https://shop-1.example/pricing', 'pricing', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 'de', '2026-11-07 16:36:11.825+00', '2026-11-07 16:37:54.837+00', NULL),
	(3, '01a1c2cd-14dc-7d05-8df2-89c7f01ff22e', NULL, NULL, NULL, '{}', 'https://shop-1.example/products/77', 'products/77', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', 'fr', '2026-11-10 00:13:02.556+00', '2026-11-10 00:31:05.714+00', NULL),
	(3, '01a1f737-9c4b-7bec-ac21-93edd780cc8b', NULL, 'Ben Moore', 'ben.moore.13@visitors.example', '{}', 'https://shop-1.example/products/1042', 'products/1042', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 'pt-BR', '2026-11-20 04:29:39.275+00', '2026-11-20 04:40:00.92+00', NULL);

INSERT INTO public.websites OVERRIDING SYSTEM VALUE VALUES
	(1, 'Shop', 'rOm6C4uakdEND6v7', 'C6332g_nIpZiKSQtS1HCyXE4r3BD0wPUMPj-pIyXjwQ', '{https://shop.example}', '{}', '2026-11-29 00:58:42.797044+00'),
	(2, 'Second shop', 'WlIUOzSwNdMZVu5w', 'ZqnWWOH9so63gJJLXssdQnNdhhiy0GW4bqqZn4jNB1Q', '{https://shop.example}', '{}', '2026-11-29 00:58:44.772246+00'),
	(3, 'Bicycles & Parts', 'generated-1', 'AAAAAAAAfty5DOv4q5OfKQ', '{https://shop-1.example}', '{}', '2026-07-29 00:58:47.472+00');

SELECT pg_catalog.setval('graphile_worker.job_queues_id_seq', 1, false);

SELECT pg_catalog.setval('graphile_worker.jobs_id_seq1', 1, true);

SELECT pg_catalog.setval('graphile_worker.tasks_id_seq', 2, true);

SELECT pg_catalog.setval('public.pgmigrations_id_seq', 5, true);

SELECT pg_catalog.setval('public.websites_id_seq', 3, true);

ALTER TABLE ONLY graphile_worker._private_job_queues
    ADD CONSTRAINT job_queues_pkey1 PRIMARY KEY (id);

ALTER TABLE ONLY graphile_worker._private_job_queues
    ADD CONSTRAINT job_queues_queue_name_key UNIQUE (queue_name);

ALTER TABLE ONLY graphile_worker._private_jobs
    ADD CONSTRAINT jobs_key_key1 UNIQUE (key);

ALTER TABLE ONLY graphile_worker._private_jobs
    ADD CONSTRAINT jobs_pkey1 PRIMARY KEY (id);

ALTER TABLE ONLY graphile_worker._private_known_crontabs
    ADD CONSTRAINT known_crontabs_pkey PRIMARY KEY (identifier);

ALTER TABLE ONLY graphile_worker.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY graphile_worker._private_tasks
    ADD CONSTRAINT tasks_identifier_key UNIQUE (identifier);

ALTER TABLE ONLY graphile_worker._private_tasks
    ADD CONSTRAINT tasks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (id);

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

CREATE INDEX jobs_main_index ON graphile_worker._private_jobs USING btree (priority, run_at) INCLUDE (id, task_id, job_queue_id) WHERE (is_available = true);

CREATE INDEX jobs_no_queue_index ON graphile_worker._private_jobs USING btree (priority, run_at) INCLUDE (id, task_id) WHERE ((is_available = true) AND (job_queue_id IS NULL));

CREATE INDEX accounts_by_user ON public.accounts USING btree (user_id);

CREATE INDEX conversations_assigned ON public.conversations USING btree (website_id, assignee_id, status, last_message_at DESC, id DESC) WHERE (assignee_id IS NOT NULL);

CREATE INDEX conversations_by_status ON public.conversations USING btree (website_id, status, last_message_at DESC, id DESC) WHERE (deleted_at IS NULL);

CREATE INDEX conversations_by_visitor ON public.conversations USING btree (website_id, visitor_id, id DESC);

CREATE INDEX conversations_deleted ON public.conversations USING btree (website_id, deleted_at, id) WHERE (deleted_at IS NOT NULL);

CREATE INDEX conversations_unassigned ON public.conversations USING btree (website_id, last_message_at DESC, id DESC) WHERE ((status = 'open'::public.conversation_status) AND (assignee_id IS NULL) AND (deleted_at IS NULL));

CREATE INDEX conversations_unread ON public.conversations USING btree (website_id, assignee_id) WHERE ((status = 'open'::public.conversation_status) AND (agent_unread > 0) AND (deleted_at IS NULL));

CREATE INDEX memberships_by_user ON public.memberships USING btree (user_id);

CREATE UNIQUE INDEX messages_by_id ON ONLY public.messages USING btree (id, conversation_id, website_id);

CREATE UNIQUE INDEX messages_2026_07_id_conversation_id_website_id_idx ON public.messages_2026_07 USING btree (id, conversation_id, website_id);

CREATE UNIQUE INDEX messages_2026_08_id_conversation_id_website_id_idx ON public.messages_2026_08 USING btree (id, conversation_id, website_id);

CREATE UNIQUE INDEX messages_2026_09_id_conversation_id_website_id_idx ON public.messages_2026_09 USING btree (id, conversation_id, website_id);

CREATE UNIQUE INDEX messages_2026_10_id_conversation_id_website_id_idx ON public.messages_2026_10 USING btree (id, conversation_id, website_id);

CREATE UNIQUE INDEX messages_2026_11_by_id ON public.messages_2026_11 USING btree (id, conversation_id, website_id);

CREATE UNIQUE INDEX messages_2026_12_by_id ON public.messages_2026_12 USING btree (id, conversation_id, website_id);

CREATE UNIQUE INDEX messages_2027_01_by_id ON public.messages_2027_01 USING btree (id, conversation_id, website_id);

CREATE UNIQUE INDEX messages_2027_02_by_id ON public.messages_2027_02 USING btree (id, conversation_id, website_id);

CREATE UNIQUE INDEX messages_2027_03_by_id ON public.messages_2027_03 USING btree (id, conversation_id, website_id);

CREATE INDEX sessions_by_user ON public.sessions USING btree (user_id);

CREATE INDEX verifications_by_identifier ON public.verifications USING btree (identifier);

CREATE UNIQUE INDEX visitors_by_external_id ON public.visitors USING btree (website_id, external_id) WHERE (external_id IS NOT NULL);

ALTER INDEX public.messages_by_id ATTACH PARTITION public.messages_2026_07_id_conversation_id_website_id_idx;

ALTER INDEX public.messages_pkey ATTACH PARTITION public.messages_2026_07_pkey;

ALTER INDEX public.messages_by_id ATTACH PARTITION public.messages_2026_08_id_conversation_id_website_id_idx;

ALTER INDEX public.messages_pkey ATTACH PARTITION public.messages_2026_08_pkey;

ALTER INDEX public.messages_by_id ATTACH PARTITION public.messages_2026_09_id_conversation_id_website_id_idx;

ALTER INDEX public.messages_pkey ATTACH PARTITION public.messages_2026_09_pkey;

ALTER INDEX public.messages_by_id ATTACH PARTITION public.messages_2026_10_id_conversation_id_website_id_idx;

ALTER INDEX public.messages_pkey ATTACH PARTITION public.messages_2026_10_pkey;

ALTER INDEX public.messages_by_id ATTACH PARTITION public.messages_2026_11_by_id;

ALTER INDEX public.messages_pkey ATTACH PARTITION public.messages_2026_11_pkey;

ALTER INDEX public.messages_by_id ATTACH PARTITION public.messages_2026_12_by_id;

ALTER INDEX public.messages_pkey ATTACH PARTITION public.messages_2026_12_pkey;

ALTER INDEX public.messages_by_id ATTACH PARTITION public.messages_2027_01_by_id;

ALTER INDEX public.messages_pkey ATTACH PARTITION public.messages_2027_01_pkey;

ALTER INDEX public.messages_by_id ATTACH PARTITION public.messages_2027_02_by_id;

ALTER INDEX public.messages_pkey ATTACH PARTITION public.messages_2027_02_pkey;

ALTER INDEX public.messages_by_id ATTACH PARTITION public.messages_2027_03_by_id;

ALTER INDEX public.messages_pkey ATTACH PARTITION public.messages_2027_03_pkey;

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

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

ALTER TABLE graphile_worker._private_job_queues ENABLE ROW LEVEL SECURITY;

ALTER TABLE graphile_worker._private_jobs ENABLE ROW LEVEL SECURITY;

ALTER TABLE graphile_worker._private_known_crontabs ENABLE ROW LEVEL SECURITY;

ALTER TABLE graphile_worker._private_tasks ENABLE ROW LEVEL SECURITY;

