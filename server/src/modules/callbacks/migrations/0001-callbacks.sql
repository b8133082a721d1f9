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
create index call_back_by_case on callbacks.call_back (case_id);
-- The list of a branch, and what is due: both look at the open ones, which are few.
create index open_call_back on callbacks.call_back (branch_id, kept_until) where state in ('asked', 'back');
