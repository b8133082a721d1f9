-- What cases ordered from the bank's core. `data` is sealed: it is what the customer entered.
create table core.instruction (
  id uuid primary key,
  case_id uuid not null,
  operation text not null,
  customer_id text not null,
  data bytea not null,
  ordered_at bigint not null,
  at text not null check (at in ('due', 'asking', 'done', 'refused', 'stuck')),
  -- When it is asked (again), or when another process may take it over.
  due_at bigint,
  attempts integer not null,
  reference text,
  facts jsonb,
  reason text,
  settled_at bigint,
  -- Ordering the same again is the same instruction.
  unique (case_id, operation)
);
create index instruction_due on core.instruction (due_at) where at in ('due', 'asking');
