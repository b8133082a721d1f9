-- As the bank said when it was proved who the customer is.
alter table cases.case add column vip boolean not null default false;
