-- One row a case: locked by whoever adds a mark, so that the counts hold.
create table annotations.layer (case_id uuid primary key);
create table annotations.mark (
  id uuid primary key,
  case_id uuid not null references annotations.layer (case_id),
  document_id uuid not null,
  page integer not null,
  side text not null check (side in ('agent', 'customer')),
  -- Who of the staff drew it; null: the customer.
  staff_id uuid,
  made_at bigint not null,
  place bigint generated always as identity,
  -- What was drawn, as JSON, sealed: a line may be somebody's hand, a label somebody's name.
  mark bytea not null
);
create index mark_by_case on annotations.mark (case_id, place);
-- The page that is shown to the customer in a call; it ends with the call, since calls are not there twice.
create table annotations.shown (
  call_id uuid primary key,
  case_id uuid not null,
  document_id uuid not null,
  page integer not null,
  since bigint not null
);
