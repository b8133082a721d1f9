-- Who changes a value says which one was seen: two at one field, and neither silently overwrites the other.
create sequence cases.revision;
alter table cases.value add column revision bigint not null default nextval('cases.revision');
