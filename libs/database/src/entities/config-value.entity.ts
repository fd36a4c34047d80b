import { IsIn, IsOptional, Length, MaxLength } from 'class-validator';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** CONFIG. Spec: System Configuration Parameters. */
@Entity({ schema: 'doma_panda', name: 'config' })
export class ConfigValue {
  @PrimaryColumn('varchar')
  @Length(1, 64)
  app: string;

  @PrimaryColumn('varchar')
  @Length(1, 64)
  component: string;

  @PrimaryColumn('varchar')
  @Length(1, 64)
  key: string;

  /** `any` or empty: for every VO. */
  @PrimaryColumn('varchar')
  @MaxLength(32)
  vo: string;

  @Column('varchar')
  @MaxLength(256)
  value: string;

  @Column('varchar')
  @IsIn(['int', 'integer', 'float', 'bool', 'boolean', 'str', 'string', 'json'])
  type: string;

  @Column('varchar')
  @MaxLength(256)
  descr: string;

  @Column('jsonb', { name: 'value_json', nullable: true })
  @IsOptional()
  valueJson: unknown;
}
