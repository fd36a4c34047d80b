import { IsInt, IsOptional, Length, Min } from 'class-validator';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** RESOURCE_TYPES; RAM per core in MB. Spec: Admin guide › Resource Type Registration. */
@Entity({ schema: 'doma_panda', name: 'resource_types' })
export class ResourceType {
  @PrimaryColumn('varchar', { name: 'resource_name' })
  @Length(1, 56)
  name: string;

  @Column('int', { name: 'mincore', nullable: true })
  @IsOptional()
  @IsInt()
  @Min(1)
  minCore: number | null;

  @Column('int', { name: 'maxcore', nullable: true })
  @IsOptional()
  @IsInt()
  @Min(1)
  maxCore: number | null;

  @Column('int', { name: 'minrampercore', nullable: true })
  @IsOptional()
  @IsInt()
  @Min(0)
  minRamPerCore: number | null;

  @Column('int', { name: 'maxrampercore', nullable: true })
  @IsOptional()
  @IsInt()
  @Min(0)
  maxRamPerCore: number | null;
}
