import { IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** GLOBAL_SHARES. Spec: Global Shares. */
@Entity({ schema: 'doma_panda', name: 'global_shares' })
export class GlobalShare {
  @PrimaryColumn('varchar')
  @Length(1, 32)
  name: string;

  @Column('smallint')
  @IsInt()
  @Min(0)
  @Max(32_767)
  value: number;

  @Column('varchar', { nullable: true })
  @IsOptional()
  @Length(1, 32)
  parent: string | null;

  @Column('varchar', { nullable: true })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  prodsourcelabel: string | null;

  @Column('varchar', { nullable: true })
  @IsOptional()
  @Length(1, 100)
  workinggroup: string | null;

  @Column('varchar', { nullable: true })
  @IsOptional()
  @Length(1, 100)
  campaign: string | null;

  @Column('varchar', { nullable: true })
  @IsOptional()
  @Length(1, 100)
  processingtype: string | null;

  @Column('varchar', { nullable: true })
  @IsOptional()
  @Length(1, 32)
  vo: string | null;

  @Column('int', { name: 'queue_id', nullable: true })
  @IsOptional()
  @IsInt()
  queueId: number | null;

  @Column('char', { length: 1, nullable: true })
  @IsOptional()
  @IsIn(['Y', 'N'])
  throttled: string | null;

  @Column('varchar', { nullable: true })
  @IsOptional()
  @Length(1, 128)
  transpath: string | null;

  @Column('varchar', { nullable: true })
  @IsOptional()
  @Length(1, 32)
  rtype: string | null;
}
