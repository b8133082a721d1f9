-- Branch staff have an agent called for a customer in self-service. The note is sealed, and kept with the case.
create table help.escalation (
  id uuid primary key,
  case_id uuid not null,
  kiosk_id uuid not null,
  branch_id uuid not null,
  staff_id uuid not null,
  note bytea,
  made_at bigint not null,
  -- When the case came into the queue for it; null while the customer's consent is missing.
  joined_at bigint
);
create index escalation_of_case on help.escalation (case_id, made_at);
-- At a time one is open for a case, whatever the code does.
create unique index one_unjoined_escalation_a_case on help.escalation (case_id) where joined_at is null;
