-- Media workers that are up; 0: it takes no room of others, for it does not answer yet or is of a version that cannot.
alter table nodes.node add column workers integer not null default 0;
