-- One-time codes by which a case goes on at another device. Of the code only a keyed hash is kept.
create table handovers.code (
  hash bytea primary key,
  case_id uuid not null,
  kiosk_id uuid not null,
  branch_id uuid not null,
  purpose text not null check (purpose in ('continue', 'follow')),
  state text not null check (state in ('open', 'replaced', 'used')),
  made_at bigint not null,
  expires_at bigint not null,
  used_at bigint,
  used_by uuid
);
create unique index one_open_code_a_case on handovers.code (case_id, purpose) where state = 'open';

-- Wrong codes in a row by one device.
create table handovers.guess (
  kiosk_id uuid primary key,
  wrong integer not null,
  locked_until bigint
);

-- Devices that show a case which went on elsewhere; a device shows the newest one.
create table handovers.follower (
  kiosk_id uuid primary key,
  case_id uuid not null,
  since bigint not null
);
create index follower_by_case on handovers.follower (case_id);
