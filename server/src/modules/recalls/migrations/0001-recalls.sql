-- A call whose kiosk dropped out: its case is kept for a while, and its agent may ring there.
create table recalls.dropped (
  call_id uuid primary key,
  case_id uuid not null,
  kiosk_id uuid not null,
  staff_id uuid not null,
  dropped_at bigint not null,
  kept_until bigint not null,
  -- How it ended; null: it is still kept.
  ended text check (ended in ('gone-on', 'forgotten'))
);
create unique index one_kept_drop_a_case on recalls.dropped (case_id) where ended is null;
create index dropped_kept on recalls.dropped (kept_until) where ended is null;
create index dropped_by_staff on recalls.dropped (staff_id) where ended is null;

create table recalls.ring (
  id uuid primary key,
  call_id uuid not null references recalls.dropped (call_id),
  kiosk_id uuid not null,
  made_at bigint not null,
  deadline bigint not null,
  state text not null check (state in ('ringing', 'came', 'declined', 'no-answer', 'taken', 'stopped')),
  ended_at bigint
);
-- Two agents may have had calls with one kiosk: it asks for one customer at a time.
create unique index one_ring_a_kiosk on recalls.ring (kiosk_id) where state = 'ringing';
create index ring_by_call on recalls.ring (call_id, made_at);
create index ring_open on recalls.ring (deadline) where state = 'ringing';
