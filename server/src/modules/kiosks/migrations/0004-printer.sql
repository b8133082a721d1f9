-- What the kiosk prints with, as the administrator says.
alter table kiosks.kiosk add column printer text not null default 'none';
