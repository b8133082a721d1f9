-- The customer alone photographs what a service's steps will need: nobody asked for it.
alter table documents.document alter column asked_by drop not null;
