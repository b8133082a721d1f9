create table staff.account (
  id uuid primary key,
  username text not null,
  name text not null,
  branch_id uuid not null,
  password_hash text not null,
  roles text[] not null,
  skills jsonb not null,
  languages text[] not null,
  failures integer not null default 0,
  locked_until bigint,
  created_at bigint not null
);
create unique index account_by_username on staff.account (lower(username));
