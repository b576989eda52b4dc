-- Up Migration

-- How long each query took, and the last slow ones, as the server counted them: for `prochat queries`, a program of its own.
alter table health_reports add column queries jsonb;

-- Down Migration

alter table health_reports drop column queries;
