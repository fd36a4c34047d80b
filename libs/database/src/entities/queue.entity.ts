import { IsDate, IsObject, IsOptional, Length } from 'class-validator';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** SCHEDCONFIG_JSON: a queue and its configuration. Spec: Database › SCHEDCONFIG_JSON. */
@Entity({ schema: 'doma_panda', name: 'schedconfig_json' })
export class PandaQueue {
  @PrimaryColumn('varchar', { name: 'panda_queue' })
  @Length(1, 50)
  name: string;

  @Column('jsonb', { nullable: true })
  @IsObject()
  data: Record<string, unknown>;

  @Column('timestamp', { name: 'last_update', nullable: true })
  @IsOptional()
  @IsDate()
  lastUpdate: Date | null;
}

/** PANDA_SITE: queue → site. */
@Entity({ schema: 'doma_panda', name: 'panda_site' })
export class QueueSite {
  @PrimaryColumn('varchar', { name: 'panda_site_name' })
  @Length(1, 52)
  queue: string;

  @Column('varchar', { name: 'site_name' })
  @Length(1, 52)
  site: string;
}

/** SITE. */
@Entity({ schema: 'doma_panda', name: 'site' })
export class Site {
  @PrimaryColumn('varchar', { name: 'site_name' })
  @Length(1, 52)
  name: string;

  @Column('varchar', { nullable: true })
  @IsOptional()
  role: string | null;
}

/** HARVESTER_INSTANCES: only registered ones are served. Spec: Admin guide › Harvester Setup. */
@Entity({ schema: 'doma_panda', name: 'harvester_instances' })
export class HarvesterInstance {
  @PrimaryColumn('varchar', { name: 'harvester_id' })
  @Length(1, 50)
  id: string;

  @Column('varchar', { nullable: true })
  @IsOptional()
  @Length(1, 200)
  description: string | null;
}
