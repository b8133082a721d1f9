create table handouts.link (
  id uuid primary key,
  case_id uuid not null,
  kiosk_id uuid not null,
  -- Of the token, keyed: who reads the table can open nothing.
  token_hash bytea not null unique,
  made_at bigint not null,
  expires_at bigint not null,
  at text not null check (at in ('open', 'opened', 'locked', 'replaced')),
  tries integer not null default 0,
  factor text not null check (factor in ('phone', 'id-number')),
  -- Of the four digits, keyed and bound to this link.
  factor_hash bytea not null,
  -- What opened it fetches the papers with, until then.
  key_hash bytea unique,
  opened_until bigint,
  channel text check (channel in ('sms', 'email')),
  sent_to text,
  message_at text check (message_at in ('sending', 'sent', 'failed')),
  message_since bigint,
  message_why text check (message_why in ('unanswered', 'refused'))
);
create index link_by_case on handouts.link (case_id, made_at);

create table handouts.item (
  link_id uuid not null references handouts.link (id),
  number integer not null,
  paper_id uuid not null,
  title text not null,
  taken_at bigint,
  primary key (link_id, number)
);
