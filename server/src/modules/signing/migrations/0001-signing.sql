create table signing.paper (
  id uuid primary key,
  case_id uuid not null,
  kiosk_id uuid not null,
  branch_id uuid not null,
  kind text not null check (kind in ('agreement', 'receipt')),
  template text,
  -- null: by the server itself.
  made_by uuid,
  made_at bigint not null,
  language text not null,
  -- Encrypted: what stands on it.
  words bytea not null,
  -- Of the PDF without a signature, and the file that holds it.
  sha256 text not null,
  file text not null,
  pages integer not null,
  at text not null check (
    at in ('made', 'shown', 'read', 'signed', 'confirmed', 'sealing', 'sealed', 'refused', 'withdrawn')
  ),
  since bigint not null,
  furthest integer not null default 0,
  read_how text check (read_how in ('scrolled', 'aloud')),
  -- Encrypted: every point of the pen with its time and pressure.
  signature bytea,
  signature_sha256 text,
  signed_at bigint,
  signed_file text,
  signed_sha256 text,
  -- Who has to countersign, and of those whose name is still missing.
  countersign text[] not null,
  waits_for text[] not null,
  due_at bigint,
  attempts integer not null default 0,
  sealed_file text,
  sealed_sha256 text,
  stamped_at bigint
);
create index paper_by_case on signing.paper (case_id, made_at);
create index paper_due on signing.paper (due_at) where at = 'sealing';
create index paper_waiting on signing.paper (branch_id) where at = 'confirmed';
create unique index receipt_by_case on signing.paper (case_id) where kind = 'receipt';

create table signing.countersignature (
  paper_id uuid not null references signing.paper (id),
  as_role text not null check (as_role in ('agent', 'branch-staff')),
  staff_id uuid not null,
  name text not null,
  at bigint not null,
  primary key (paper_id, as_role)
);
