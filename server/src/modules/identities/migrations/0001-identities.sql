-- A code sent to the phone that the bank knows, one a case: the newest counts.
create table identities.code (
  case_id uuid primary key,
  customer_id text not null,
  sent_to text not null,
  sealed bytea not null,
  sent_at bigint not null,
  expires_at bigint not null,
  sent integer not null,
  tries integer not null
);
-- How often a case's customer was looked for in vain or again: looking is not guessing.
create table identities.lookup (
  case_id uuid primary key,
  lookups integer not null
);
