import { IsInt, IsOptional, Length, MaxLength, Min } from 'class-validator';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** JEDI_WORK_QUEUE. Spec: Admin guide › Global Share Registration. */
@Entity({ schema: 'doma_panda', name: 'jedi_work_queue' })
export class WorkQueue {
  @PrimaryColumn('int', { name: 'queue_id' })
  @IsInt()
  @Min(0)
  queueId: number;

  @Column('varchar', { name: 'queue_name' })
  @Length(1, 32)
  queueName: string;

  @Column('varchar', { name: 'queue_type' })
  @Length(1, 32)
  queueType: string;

  @Column('varchar')
  @Length(1, 32)
  vo: string;

  @Column('varchar', { nullable: true })
  @IsOptional()
  @MaxLength(64)
  status: string | null;

  @Column('smallint', { name: 'queue_share', nullable: true })
  @IsOptional()
  @IsInt()
  queueShare: number | null;

  @Column('smallint', { name: 'queue_order', nullable: true })
  @IsOptional()
  @IsInt()
  queueOrder: number | null;

  @Column('varchar', { nullable: true })
  @IsOptional()
  @MaxLength(256)
  criteria: string | null;

  @Column('varchar', { nullable: true })
  @IsOptional()
  @MaxLength(256)
  variables: string | null;

  @Column('varchar', { name: 'queue_function', nullable: true })
  @IsOptional()
  @MaxLength(32)
  queueFunction: string | null;
}
