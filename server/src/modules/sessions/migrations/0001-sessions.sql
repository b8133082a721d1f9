create table sessions.session (
  id uuid primary key,
  subject_kind text not null check (subject_kind in ('kiosk', 'staff')),
  subject_id uuid not null,
  opened_at bigint not null,
  expires_at bigint not null,
  revoked_at bigint,
  revoke_reason text
);
create index session_by_subject on sessions.session (subject_kind, subject_id) where revoked_at is null;

create table sessions.refresh (
  hash bytea primary key,
  session_id uuid not null references sessions.session (id),
  issued_at bigint not null,
  used_at bigint
);
create index refresh_by_session on sessions.refresh (session_id);
