create table kernel.journal (
  id bigint generated always as identity primary key,
  at bigint not null,
  actor_kind text not null check (actor_kind in ('kiosk', 'staff', 'system')),
  actor_id text not null,
  kind text not null,
  about jsonb not null,
  data jsonb not null
);
create index journal_by_kind on kernel.journal (kind, id desc);
create index journal_by_subject on kernel.journal using gin (about jsonb_path_ops);

-- Append-only: a row that is written stays as it is, whoever asks.
create function kernel.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the journal is append-only';
end $$;
create trigger journal_is_append_only before update or delete on kernel.journal
  for each row execute function kernel.refuse_change();
create trigger journal_is_never_emptied before truncate on kernel.journal
  for each statement execute function kernel.refuse_change();

-- Answers already given, by the id that the client made: the same id again gets the first answer again.
create table kernel.request (
  id uuid primary key,
  caller text not null,
  name text not null,
  answer bytea,
  at bigint not null
);
create index request_by_age on kernel.request (at);

-- What this database is for: a demonstration's data never becomes a bank's.
create table kernel.setting (
  name text primary key,
  value text not null
);
