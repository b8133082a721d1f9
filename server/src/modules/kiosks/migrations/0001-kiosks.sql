create table kiosks.branch (
  id uuid primary key,
  name jsonb not null
);
create table kiosks.kiosk (
  id uuid primary key,
  branch_id uuid not null references kiosks.branch (id),
  name text not null,
  public_key jsonb,
  session_id uuid,
  enrolled_at bigint
);
create table kiosks.code (
  hash bytea primary key,
  kiosk_id uuid not null references kiosks.kiosk (id),
  expires_at bigint,
  -- A demonstration's code is printed at every start and may be used by any number of browsers, one after the other.
  reusable boolean not null default false,
  used_at bigint
);
create table kiosks.challenge (
  nonce text primary key,
  kiosk_id uuid not null references kiosks.kiosk (id),
  expires_at bigint not null
);
