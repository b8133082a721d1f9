-- The device that booked, also when it shows the appointment no more: a phone may have only so many of them open.
alter table appointments.appointment add column booked_by uuid;
update appointments.appointment set booked_by = holder;
create index appointment_open_by_booker on appointments.appointment (booked_by) where state = 'booked';
update appointments.plan set body = jsonb_set(body, '{rules,openPerPhone}', '2') where not body -> 'rules' ? 'openPerPhone';
