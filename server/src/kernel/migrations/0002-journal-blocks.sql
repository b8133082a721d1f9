-- The journal's rows in blocks, each chained to the last one and signed: a change to what was sealed shows.
-- What the hashes and the signature are made of stands in docs/journal-format.md.
create table kernel.block (
  number bigint primary key check (number > 0),
  first_id bigint not null,
  last_id bigint not null check (last_id >= first_id),
  sealed_at bigint not null,
  previous_hash bytea not null check (octet_length(previous_hash) = 32),
  hash bytea not null check (octet_length(hash) = 32),
  -- each row by itself, so that an edited one can be named: its id, and at the same place its 32 bytes
  row_ids bigint[] not null,
  row_hashes bytea not null check (octet_length(row_hashes) = 32 * cardinality(row_ids)),
  signature bytea not null
);
-- hashes do not compress
alter table kernel.block alter column row_hashes set storage external;

create trigger block_is_append_only before update or delete on kernel.block
  for each row execute function kernel.refuse_change();
create trigger block_is_never_emptied before truncate on kernel.block
  for each statement execute function kernel.refuse_change();
