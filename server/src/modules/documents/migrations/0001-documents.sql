create table documents.document (
  id uuid primary key,
  case_id uuid not null,
  kiosk_id uuid not null,
  kind text not null,
  camera text not null,
  asked_by uuid not null,
  asked_at bigint not null,
  state text not null check (state in ('asked', 'captured', 'accepted', 'returned', 'not-at-hand', 'withdrawn')),
  since bigint not null,
  return_reason text,
  return_note bytea,
  reviewed_by uuid
);
create index document_by_case on documents.document (case_id, asked_at);

create table documents.page (
  document_id uuid not null references documents.document (id),
  number integer not null,
  -- Of the bytes as they came: the same upload again is known by it.
  uploaded_sha256 text not null,
  -- Of the picture as it was kept, before encryption.
  sha256 text not null,
  -- The encrypted file's name is the SHA-256 of its own bytes, so that it can be checked without the key.
  file text not null,
  width integer not null,
  height integer not null,
  bytes integer not null,
  captured_at bigint not null,
  primary key (document_id, number)
);
create unique index page_by_upload on documents.page (document_id, uploaded_sha256);
