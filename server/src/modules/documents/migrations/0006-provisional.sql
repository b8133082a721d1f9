-- Accepted by one person, and a second is to look at it.
alter table documents.document drop constraint document_state_check;
alter table documents.document add constraint document_state_check check (
  state in ('asked', 'collecting', 'captured', 'provisional', 'accepted', 'returned', 'not-at-hand', 'withdrawn')
);
