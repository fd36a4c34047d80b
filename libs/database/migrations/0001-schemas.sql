-- Schemas, sequences and the database clock. Lock impact: none (new objects only).
-- Classic names are PanDA's (doma_*), so that operators' SQL keeps running; what is ours alone lives in panda_ops.


create schema if not exists doma_panda;
create schema if not exists doma_pandaarch;
create schema if not exists doma_pandameta;
create schema if not exists doma_deft;
create schema if not exists panda_ops;

-- The one clock of the fleet: UTC without zone, as the classic columns are typed. `panda.now` freezes it for a test session.
-- statement_timestamp(), not now(): two moves of one job in one transaction must not share a time (invariant J4 orders by it).
create function panda_ops.utc_now() returns timestamp language sql stable parallel safe
  return coalesce(nullif(current_setting('panda.now', true), '')::timestamp, statement_timestamp() at time zone 'UTC');

-- Oracle's BITOR, printed in Spec: Database › Exporting Oracle Database Schemas.
create function doma_panda.bitor(p_bits1 integer, p_bits2 integer) returns integer language sql immutable strict parallel safe
  return p_bits1 | p_bits2;

-- PandaIDs are handed out one by one (no cache): they grow with time, and invariant J6 orders attempts by them.
create sequence doma_panda.jobsdefined4_pandaid_seq;
create sequence doma_panda.jedi_datasets_id_seq cache 20;
create sequence doma_panda.jedi_dataset_cont_fileid_seq cache 100;
create sequence doma_panda.filestable4_row_id_seq cache 20;
create sequence doma_panda.jedi_output_template_id_seq;
create sequence doma_panda.jedi_work_queue_id_seq start 100;
create sequence doma_panda.group_jobid_seq;
create sequence doma_panda.harvester_command_id_seq;
create sequence doma_panda.subcounter_subid_seq maxvalue 9999999 cycle;
create sequence doma_panda.retryactions_id_seq start 100;
create sequence doma_panda.retryerrors_id_seq start 100;
create sequence doma_panda.jedi_data_carousel_request_id_seq;
create sequence doma_panda.workflow_id_seq;
create sequence doma_panda.workflow_step_id_seq;
create sequence doma_panda.workflow_data_id_seq;
create sequence doma_pandameta.users_id_seq;
create sequence doma_pandameta.proxykey_id_seq;
create sequence doma_pandameta.siteaccess_id_seq;
create sequence doma_deft.prodsys2_task_id_seq;
