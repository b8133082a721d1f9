-- One row a case: locked by whoever writes, so that places have no gaps and limits hold.
create table chat.thread (
  case_id uuid primary key,
  -- The place of the last message: 1, 2, 3.
  last integer not null
);
create table chat.message (
  id uuid primary key,
  case_id uuid not null references chat.thread (case_id),
  call_id uuid not null,
  place integer not null,
  role text not null check (role in ('customer', 'agent', 'expert', 'branch-staff', 'supervisor')),
  -- Who of the staff wrote it; null: the customer.
  staff_id uuid check ((staff_id is null) = (role = 'customer')),
  -- A whisper: the agent whom it is for alone; null: everybody in the call.
  to_staff uuid,
  written_at bigint not null,
  -- What it says, as JSON, sealed: a customer may write anything.
  body bytea not null,
  unique (case_id, place)
);
-- How far each side has got and looked, by place.
create table chat.mark (
  case_id uuid not null references chat.thread (case_id),
  side text not null check (side in ('customer', 'agent')),
  delivered integer not null,
  seen integer not null check (seen <= delivered),
  primary key (case_id, side)
);
