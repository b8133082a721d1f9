-- What an agent changed waits for the customer's word: until then the customer's own value is kept beside it.
alter table cases.value add column settled boolean not null default true;
alter table cases.value add column before bytea;
