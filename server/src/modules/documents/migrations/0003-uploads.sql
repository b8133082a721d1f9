-- Two takes of a still camera may be equal byte for byte, so an upload is known by its own name and not by what it holds.
alter table documents.page add column upload_id uuid not null default gen_random_uuid();
alter table documents.page alter column upload_id drop default;
drop index documents.page_by_upload;
create unique index page_by_upload on documents.page (document_id, upload_id);
