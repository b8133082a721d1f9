create table cases.case (
  id uuid primary key,
  kiosk_id uuid not null,
  service_id text not null,
  language text not null,
  print text not null,
  at text not null check (at in ('consent', 'form', 'waiting', 'serving', 'confirming', 'confirmed', 'rating', 'closed')),
  since bigint not null,
  opened_at bigint not null,
  closed_at bigint,
  close_reason text,
  consent_version text,
  consented_at bigint,
  summary bytea,
  stars integer check (stars between 1 and 5)
);
-- A kiosk serves one customer at a time.
create unique index one_open_case_a_kiosk on cases.case (kiosk_id) where at <> 'closed';

-- Every value is sealed, whatever its class: what is typed at a kiosk is never plain on disk.
create table cases.value (
  case_id uuid not null references cases.case (id),
  name text not null,
  class text not null,
  sealed bytea not null,
  entered_by text not null,
  entered_at bigint not null,
  primary key (case_id, name)
);

create table cases.tick (
  case_id uuid not null references cases.case (id),
  step text not null,
  by_staff uuid not null,
  at bigint not null,
  primary key (case_id, step)
);
