-- What is to be reviewed without a call: a whole case sent ahead, or one document that a second person must see.
create table reviews.review (
  id uuid primary key,
  kind text not null check (kind in ('ahead', 'second')),
  case_id uuid not null,
  -- Of a second review: the document, and which of its rounds of pages was accepted first, by whom.
  document_id uuid,
  first_staff uuid,
  -- Of a case sent ahead: how often it was sent. Of a second review: the document's round.
  round integer not null,
  service_id text not null,
  state text not null check (state in ('open', 'taken', 'second', 'returned', 'accepted', 'refused', 'withdrawn')),
  since bigint not null,
  sent_at bigint not null,
  due_at bigint not null,
  -- Skills and levels asked of an agent, and the one person it was handed to.
  skills jsonb not null,
  to_staff uuid,
  taken_by uuid,
  taken_until bigint,
  decided_by uuid,
  decided_at bigint,
  reason text,
  note bytea,
  -- Of a case sent ahead: the phone that may have it back, its code (sealed), and until when all of it is kept.
  holder uuid,
  code bytea,
  kept_until bigint,
  check ((state = 'taken') = (taken_by is not null)),
  check ((kind = 'second') = (document_id is not null and first_staff is not null))
);
create unique index one_review_ahead_a_case on reviews.review (case_id) where kind = 'ahead';
create unique index one_second_review_a_round on reviews.review (document_id, round) where kind = 'second' and state <> 'withdrawn';
create index review_by_case on reviews.review (case_id);
create index review_to_do on reviews.review (due_at, id) where state in ('open', 'taken');
create index review_taken on reviews.review (taken_until) where state = 'taken';
create index review_taken_by on reviews.review (taken_by) where state = 'taken';
create index review_decided on reviews.review (decided_at desc, id desc) where decided_at is not null;
create index review_of_holder on reviews.review (holder) where holder is not null;

-- All that happened to a review, for whoever goes on with it.
create table reviews.event (
  id bigint generated always as identity primary key,
  review_id uuid not null references reviews.review (id),
  at bigint not null,
  staff_id uuid,
  what text not null,
  detail text,
  note bytea
);
create index event_by_review on reviews.event (review_id, id);
