-- Five seconds of one participant's link, as its browser told of them.
create table quality.sample (
  call_id uuid not null,
  -- The kiosk, or the member of staff.
  participant uuid not null,
  -- Which five seconds since 1970.
  slot integer not null,
  role text not null,
  -- Of the kiosk; null for members of staff.
  branch_id uuid,
  cut boolean not null,
  score real,
  loss_in real,
  loss_out real,
  round_trip integer,
  jitter integer,
  concealed real,
  frozen integer,
  frames integer,
  width integer,
  height integer,
  kbps_in integer not null,
  kbps_out integer not null,
  primary key (call_id, participant, slot)
);
-- Samples come in the order of their time, near enough: the latest, and those to be forgotten, lie together.
create index sample_by_time on quality.sample using brin (slot) with (pages_per_range = 32, autosummarize = on);

-- Every call that is over, with what is known of its sides.
create table quality.call (
  call_id uuid primary key,
  kiosk_id uuid not null,
  staff_id uuid not null,
  started_at bigint not null,
  ended_at bigint not null,
  reason text not null,
  -- Where the kiosk stood when it was summed up.
  branch_id uuid,
  score real,
  customer_score real,
  agent_score real,
  customer_samples integer not null default 0,
  -- There are samples that are not summed up yet.
  due boolean not null default true,
  -- Its branch's link has not been judged by it yet.
  fresh boolean not null default false
);
create index call_by_end on quality.call (ended_at, call_id);
create index call_of_branch on quality.call (branch_id, ended_at, call_id);
create index call_of_agent on quality.call (staff_id, ended_at, call_id);
create index call_due on quality.call (ended_at) where due;
create index call_fresh on quality.call (branch_id) where fresh;

create table quality.side (
  call_id uuid not null references quality.call (call_id),
  participant uuid not null,
  role text not null,
  samples integer not null,
  score real,
  worst_at bigint,
  worst_score real,
  loss real,
  round_trip real,
  frozen_ms integer not null,
  cut_ms integer not null,
  primary key (call_id, participant)
);

-- The link of a branch that is, or was, worse than usual; without a row it never was.
create table quality.link (
  branch_id uuid primary key,
  at text not null check (at in ('usual', 'worse')),
  since bigint not null,
  by text,
  usual_score real,
  usual_spread real,
  usual_calls integer,
  score real,
  loss real,
  round_trip real,
  frozen real,
  cut real
);
create index link_worse on quality.link (since) where at = 'worse';

-- One process at a time judges the links: one row, to be locked.
create table quality.watch (one boolean primary key default true check (one));
insert into quality.watch default values;
