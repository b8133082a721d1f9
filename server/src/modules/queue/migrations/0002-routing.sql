-- Of the rules, the last version is in force; without any, what was shipped is.
create table queue.rules (
  version integer primary key,
  text text not null,
  at bigint not null,
  by_staff uuid
);

alter table queue.ticket
  add column branch_id uuid,
  add column family text not null default 'teller',
  add column priority integer not null default 3,
  add column vip boolean not null default false,
  add column elder boolean not null default false,
  add column hand_back boolean not null default false,
  add column appointment_at bigint,
  -- Alone asked for the ticket until then.
  add column preferred_staff_id uuid,
  add column preferred_until bigint,
  add column queue_id text not null default '',
  -- By which version of the rules queue, lane and due_at were worked out; another than that in force: to be done again.
  add column rules_version integer not null default -1,
  -- Tickets with equal conditions and equal head start are one lane: within it the order by score is that by joined_at.
  -- Null: offered to nobody in general now (held for an agent, or until the queue opens).
  add column lane text,
  add column head_start integer not null default 0,
  -- When queue, lane or head start may change by the clock alone.
  add column due_at bigint,
  -- When the ticket came in, by the clock of the server; joined_at is earlier for one that kept its place.
  add column made_at bigint,
  add column offers integer not null default 0,
  -- The first wait that the customer was told, and how long it was without the allowance for chance.
  add column promised_at bigint,
  add column promised_from bigint,
  add column promised_to bigint,
  add column promised_likely bigint,
  -- Since when the customer has waited longer than the longest wait, and since when it was chosen to wait on.
  add column overdue_since bigint,
  add column waits_on_since bigint,
  -- Of a call-back: until when the place is kept.
  add column call_back_until bigint;
update queue.ticket set made_at = joined_at;
alter table queue.ticket alter column made_at set not null;
alter table queue.ticket drop constraint ticket_state_check;
alter table queue.ticket add constraint ticket_state_check
  check (state in ('waiting', 'offered', 'served', 'left', 'abandoned', 'call-back'));

drop index queue.ticket_in_order;
create index ticket_in_lane on queue.ticket (lane, joined_at, id)
  where state = 'waiting' and absent_since is null and lane is not null;
create index ticket_due on queue.ticket (due_at) where state = 'waiting' and due_at is not null;
create index ticket_preferring on queue.ticket (preferred_staff_id) where state = 'waiting' and preferred_until is not null;
create index ticket_open on queue.ticket (queue_id, joined_at) where state in ('waiting', 'offered');
create index ticket_absent on queue.ticket (absent_since) where state in ('waiting', 'offered') and absent_since is not null;
create index ticket_unpromised on queue.ticket (made_at) where state in ('waiting', 'offered') and promised_at is null;
create index ticket_of_case on queue.ticket (case_id, made_at);
create index ticket_history on queue.ticket (made_at);
create index ticket_ended on queue.ticket (ended_at) where ended_at is not null;

alter table queue.agent
  add column branch_id uuid,
  -- Agents who can do exactly the same are one kind.
  add column kind text,
  -- Asked for nothing until then, after an offer that was missed or not taken.
  add column rest_until bigint not null default 0,
  add column unanswered integer not null default 0,
  add column wrap_up_mode text,
  add column wrap_up_until bigint;
alter table queue.agent drop constraint agent_state_check;
alter table queue.agent add constraint agent_state_check
  check (state in ('offline', 'ready', 'offered', 'in-call', 'hold', 'helping', 'wrap-up', 'break'));
drop index queue.agent_in_order;
create index agent_idle on queue.agent (kind, since, staff_id) where state = 'ready' and absent_since is null;
create index agent_on_duty on queue.agent (kind) where state not in ('offline', 'break');
create index agent_wrapping_up on queue.agent (wrap_up_until) where wrap_up_until is not null;
create index agent_absent on queue.agent (absent_since) where absent_since is not null;

alter table queue.offer
  -- The agent is not asked for this ticket again before.
  add column back_off_until bigint,
  -- Why this agent, as it was when the offer was made.
  add column why jsonb;
create unique index offer_of_call on queue.offer (call_id);
create index offer_backing_off on queue.offer (ticket_id, back_off_until) where back_off_until is not null;

-- What every agent did, state by state, once the state is over: for occupancy, handling times, forecast and replay.
create table queue.agent_time (
  id bigint generated always as identity primary key,
  staff_id uuid not null,
  state text not null,
  reason text,
  call_id uuid,
  began_at bigint not null,
  ended_at bigint not null
);
create index agent_time_by_end on queue.agent_time (ended_at);
create index agent_time_by_call on queue.agent_time (call_id) where call_id is not null;

-- Rows of these change several times in their short lives; dead ones are cleared away before they slow the search.
alter table queue.ticket set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
alter table queue.agent set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
alter table queue.offer set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
