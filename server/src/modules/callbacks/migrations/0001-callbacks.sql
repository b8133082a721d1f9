-- Customers who went away and are called by phone when their turn comes. The number is there only as long as somebody may call it.
create table callbacks.call_back (
  ticket_id uuid primary key,
  case_id uuid not null,
  branch_id uuid not null,
  state text not null check (state in ('asked', 'back', 'ended', 'expired')),
  phone bytea,
  asked_at bigint not null,
  kept_until bigint not null,
  called_at bigint,
  called_by uuid,
  reached boolean,
  constraint call_back_keeps_no_number_in_vain check ((state = 'asked') = (phone is not null))
);
-- Those who are to be called are few, and looked for by branch and by case.
create index asked_of_branch on callbacks.call_back (branch_id) where state = 'asked';
create index asked_of_case on callbacks.call_back (case_id) where state = 'asked';
