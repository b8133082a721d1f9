-- Of the rules, the last version is in force; without any, what was shipped is.
create table queue.rules (
  version integer primary key,
  text text not null,
  at bigint not null,
  by_staff uuid
);

-- A lane is what may be asked of an agent, a kind what an agent can do, each as the text of it. Which kind serves which
-- lane is worked out once, so that a search for a pair compares numbers.
-- Looks are numbered, not timed: a clock may be put back.
create sequence queue.look;
create table queue.lane (
  id integer generated always as identity primary key,
  conditions text not null unique,
  -- Whether anybody on duty serves it; as it was when it was last looked at.
  staffed boolean not null default false,
  -- The look at which that changed last, and whether every ticket that it concerns has been placed since.
  changed_look bigint not null default 0,
  settled boolean not null default true
);
create table queue.kind (id integer generated always as identity primary key, able text not null unique);
create table queue.fit (
  lane integer not null references queue.lane (id),
  kind integer not null references queue.kind (id),
  primary key (lane, kind)
);
create index fit_of_kind on queue.fit (kind, lane);

alter table queue.ticket
  add column branch_id uuid,
  add column family text not null default 'teller',
  add column priority integer not null default 3,
  add column vip boolean not null default false,
  add column elder boolean not null default false,
  add column hand_back boolean not null default false,
  add column appointment_at bigint,
  -- From when on the appointment counts; null: there is none, or its customer came too late for it.
  add column counts_from bigint,
  -- Alone asked for the ticket until then.
  add column preferred_staff_id uuid,
  add column preferred_until bigint,
  add column queue_id text not null default '',
  -- Queues that it overflowed from, with the reasons.
  add column left_queues jsonb not null default '[]',
  -- By which version of the rules its place was worked out; another than that in force: to be done again.
  add column rules_version integer not null default -1,
  -- The look after which its place was worked out.
  add column placed_look bigint not null default nextval('queue.look'),
  -- The lanes of its queue's steps from the strictest, and the step in force.
  add column lanes integer[] not null default '{}',
  add column step integer not null default 0,
  -- That of the step in force; null while the queue is closed.
  add column lane integer,
  -- Seconds by which it goes before tickets that joined with it.
  add column head_start integer not null default 0,
  -- All scores grow alike, so their order is at every moment that of this: the least goes first.
  add column rank bigint generated always as (joined_at - head_start::bigint * 1000) stored,
  -- When its place may change by the clock alone.
  add column due_at bigint,
  -- Answered within this it is in time.
  add column goal_ms integer not null default 60000,
  -- When the ticket came in, by the clock of the server; joined_at is earlier for one that kept its place.
  add column made_at bigint,
  add column offers integer not null default 0,
  -- The first wait that the customer was told.
  add column promised_at bigint,
  add column promised_from_ms bigint,
  add column promised_to_ms bigint,
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

drop index queue.one_open_ticket_a_case;
create unique index one_open_ticket_a_case on queue.ticket (case_id) where state in ('waiting', 'offered', 'call-back');
drop index queue.ticket_in_order;
create index ticket_in_lane on queue.ticket (lane, rank, id)
  where state = 'waiting' and absent_since is null and lane is not null and preferred_until is null;
create index ticket_preferring on queue.ticket (preferred_staff_id) where state = 'waiting' and preferred_until is not null;
create index ticket_due on queue.ticket (due_at) where state in ('waiting', 'offered') and due_at is not null;
create index ticket_open on queue.ticket (queue_id, rank) where state in ('waiting', 'offered');
create index ticket_absent on queue.ticket (absent_since) where state in ('waiting', 'offered') and absent_since is not null;
create index ticket_ahead on queue.ticket (lane, rank, id) where state in ('waiting', 'offered');
create index ticket_to_call_back on queue.ticket (branch_id, rank) where state = 'call-back';
create index ticket_of_case on queue.ticket (case_id, made_at);
create index ticket_history on queue.ticket (made_at);
create index ticket_joined on queue.ticket (joined_at);
create index ticket_of_rules on queue.ticket (rules_version) where state in ('waiting', 'offered');

alter table queue.agent
  add column branch_id uuid,
  add column kind integer references queue.kind (id),
  -- Since when free for customers: an offer that was taken back does not put its agent behind the others.
  add column idle_since bigint not null default 0,
  -- Asked for nothing until then, after an offer that was missed or not taken.
  add column rest_until bigint not null default 0,
  add column unanswered integer not null default 0,
  add column wrap_up_mode text,
  add column wrap_up_seconds integer,
  add column wrap_up_until bigint;
alter table queue.agent drop constraint agent_state_check;
alter table queue.agent add constraint agent_state_check
  check (state in ('offline', 'ready', 'offered', 'in-call', 'hold', 'helping', 'wrap-up', 'break'));
update queue.agent set idle_since = since;
-- Who is on duty while this is applied goes on being asked.
insert into queue.kind (able)
select distinct jsonb_build_array(
  (select coalesce(jsonb_agg(jsonb_build_array(key, value) order by key), '[]') from jsonb_each(skills)),
  to_jsonb(languages), null)::text
from queue.agent;
update queue.agent a set kind = k.id from queue.kind k where k.able = jsonb_build_array(
  (select coalesce(jsonb_agg(jsonb_build_array(key, value) order by key), '[]') from jsonb_each(a.skills)),
  to_jsonb(a.languages), null)::text;
drop index queue.agent_in_order;
create index agent_idle on queue.agent (kind, idle_since, staff_id) where state = 'ready' and absent_since is null;
create index agent_on_duty on queue.agent (kind) where state not in ('offline', 'break');
create index agent_wrapping_up on queue.agent (wrap_up_until) where wrap_up_until is not null;
create index agent_absent on queue.agent (absent_since) where absent_since is not null;

alter table queue.offer
  -- The agent is not asked for this ticket again before.
  add column back_off_until bigint,
  -- Why this agent, as it was when the offer was made.
  add column why jsonb;
create unique index offer_of_call on queue.offer (call_id);
create index offer_backing_off on queue.offer (back_off_until) where back_off_until is not null;
drop function queue.serves;

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
-- The database itself keeps it, whichever statement moves the agent.
create function queue.keep_agent_time() returns trigger language plpgsql as $$
begin
  insert into queue.agent_time (staff_id, state, reason, call_id, began_at, ended_at)
  values (old.staff_id, old.state, old.reason, old.call_id, old.since, greatest(old.since, new.since));
  return null;
end $$;
create trigger agent_moved after update on queue.agent for each row
  when (old.state <> new.state and old.state <> 'offline') execute function queue.keep_agent_time();

-- What became of every ticket that is over. Who asked to be called back is neither answered nor abandoned meanwhile.
create view queue.outcome as
select id, queue_id, branch_id, family, joined_at, ended_at, state = 'served' as answered,
  state in ('left', 'abandoned') and coalesce(end_reason, '') not in ('booked', 'replaced', 'call-back-expired') as given_up,
  greatest(0, ended_at - joined_at) as waited_ms,
  greatest(0, ended_at - joined_at) <= goal_ms as in_time,
  greatest(0, offers - 1) as re_offers,
  promised_at is not null as told,
  promised_at is not null and state = 'served'
    and ended_at - promised_at between promised_from_ms and promised_to_ms as held
from queue.ticket where state in ('served', 'left', 'abandoned');

-- Rows of these change several times in their short lives; dead ones are cleared away before they slow the search.
alter table queue.ticket set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
alter table queue.agent set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
alter table queue.offer set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
