-- How a kiosk reads cards. What stands there is told by the administrator: a reader that types like a keyboard can't be seen.
alter table kiosks.kiosk add column readers jsonb not null default '{"idCard": "none", "bankCard": "none"}';
