-- Why somebody attended a call unasked, each time that they came, changed how, or stayed longer: sealed. The journal's line
-- of that time has its id. calls.participant.reason is written only by processes of the version before.
create table calls.reason (
  id uuid primary key,
  call_id uuid not null references calls.call (id),
  staff_id uuid not null,
  mode text not null check (mode in ('joined', 'listening', 'whispering')),
  given_at bigint not null,
  words bytea not null
);
create index reason_by_call on calls.reason (call_id, given_at);
