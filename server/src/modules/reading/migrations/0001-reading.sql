-- A page that is to be read, or was. The row is made in the transaction in which the page becomes part of its document.
create table reading.page (
  document_id uuid not null,
  number integer not null,
  case_id uuid not null,
  kind text not null,
  state text not null check (state in ('waiting', 'read', 'unreadable')),
  since bigint not null,
  -- How often reading was begun: a page that ends its process is not read for ever.
  tries integer not null default 0,
  -- A process reads it until then; after it another one may.
  claimed_until bigint not null default 0,
  -- What was found, sealed; null before, and when it was forgotten.
  sealed bytea,
  -- Names of suggestions that the agent put into the form.
  accepted jsonb not null default '[]',
  primary key (document_id, number)
);
create index page_by_case on reading.page (case_id);
create index page_waiting on reading.page (since) where state = 'waiting';
