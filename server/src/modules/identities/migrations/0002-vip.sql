-- Whether the bank counts the customer among those who are served before others.
alter table identities.code add column vip boolean not null default false;
