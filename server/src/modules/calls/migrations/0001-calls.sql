create table calls.call (
  id uuid primary key,
  case_id uuid not null,
  kiosk_id uuid not null,
  staff_id uuid not null,
  state text not null check (state in ('active', 'ended')),
  started_at bigint not null,
  -- Since when a participant's line is down.
  customer_lost_at bigint,
  agent_lost_at bigint,
  ended_at bigint,
  end_reason text,
  outcome text,
  note bytea
);
create unique index one_active_call_a_kiosk on calls.call (kiosk_id) where state = 'active';
create unique index one_active_call_an_agent on calls.call (staff_id) where state = 'active';
