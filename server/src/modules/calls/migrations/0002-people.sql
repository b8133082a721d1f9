-- Since when the customer is on hold.
alter table calls.call add column held_at bigint;

-- Members of staff beside the agent who leads the call.
create table calls.participant (
  id uuid primary key,
  call_id uuid not null references calls.call (id),
  staff_id uuid not null,
  role text not null check (role in ('expert', 'branch-staff', 'supervisor')),
  mode text not null check (mode in ('joined', 'listening', 'whispering')),
  since bigint not null,
  -- Why somebody came who was not asked: sealed.
  reason bytea,
  -- Who listens or whispers leaves then.
  until bigint,
  lost_at bigint,
  left_at bigint,
  left_reason text
);
create unique index one_stay_at_a_time on calls.participant (call_id, staff_id) where left_at is null;
create index participant_by_staff on calls.participant (staff_id) where left_at is null;
create index participant_until on calls.participant (until) where left_at is null;
create index participant_lost on calls.participant (lost_at) where left_at is null;

create table calls.invitation (
  id uuid primary key,
  call_id uuid not null references calls.call (id),
  from_staff uuid not null,
  -- null: any supervisor.
  to_staff uuid,
  note bytea,
  made_at bigint not null,
  deadline bigint not null,
  state text not null check (state in ('open', 'accepted', 'declined', 'expired', 'withdrawn')),
  answered_by uuid,
  ended_at bigint
);
create unique index one_open_invitation_a_kind on calls.invitation (call_id, (to_staff is null)) where state = 'open';
create index invitation_by_call on calls.invitation (call_id);
create index invitation_open on calls.invitation (deadline) where state = 'open';
