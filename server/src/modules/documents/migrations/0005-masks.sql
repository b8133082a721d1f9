-- Areas that are covered for others, of the picture that is shown first; the picture stays as it was.
alter table documents.page add column masks jsonb not null default '[]';
