-- A document may have many pages, in rounds: each return begins a new one.
alter table documents.document drop constraint document_state_check;
alter table documents.document add constraint document_state_check check (
  state in ('asked', 'collecting', 'captured', 'accepted', 'returned', 'not-at-hand', 'withdrawn')
);
alter table documents.document add column round integer not null default 1;

alter table documents.page add column round integer;
-- Until now every upload was a round of its own.
update documents.page set round = number;
update documents.document d set round = greatest(1, (select count(*) from documents.page p where p.document_id = d.id));
alter table documents.page alter column round set not null;
-- One upload may bring many pages: those of a PDF.
alter table documents.page add column part integer not null default 1;
alter table documents.page alter column part drop default;
drop index documents.page_by_upload;
create unique index page_by_upload on documents.page (document_id, upload_id, part);

-- `file` is the page as it was taken. Straightened where its edges were known; null otherwise.
alter table documents.page add column straight_file text;
alter table documents.page add column straight_sha256 text;
alter table documents.page add column straight_width integer;
alter table documents.page add column straight_height integer;
alter table documents.page add column straight_bytes integer;
-- null for pages that came before there were thumbnails.
alter table documents.page add column thumbnail_file text;
create index page_by_file on documents.page (file);
create index page_by_straight_file on documents.page (straight_file);
create index page_by_thumbnail_file on documents.page (thumbnail_file);

-- An upload on its way: the pieces that were acknowledged, each an encrypted file.
create table documents.upload (
  document_id uuid not null references documents.document (id),
  id uuid not null,
  size integer not null,
  sha256 text not null,
  received integer not null,
  touched_at bigint not null,
  primary key (document_id, id)
);
create table documents.piece (
  document_id uuid not null,
  upload_id uuid not null,
  start integer not null,
  file text not null,
  primary key (document_id, upload_id, start),
  foreign key (document_id, upload_id) references documents.upload (document_id, id) on delete cascade
);
create index piece_by_file on documents.piece (file);
