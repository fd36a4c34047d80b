import { IsDate, IsIn, IsInt, IsOptional, Length, MaxLength } from 'class-validator';
import { Column, Entity, Generated, PrimaryColumn } from 'typeorm';

/** RETRYERRORS. Spec: Job Retry Module › Rules. */
@Entity({ schema: 'doma_panda', name: 'retryerrors' })
export class RetryRule {
  @PrimaryColumn('bigint', { name: 'retryerror_id' })
  @Generated('increment')
  id: number;

  @Column('varchar', { name: 'errorsource' })
  @Length(1, 256)
  errorSource: string;

  @Column('bigint', { name: 'errorcode' })
  @IsInt()
  errorCode: number;

  @Column('bigint', { name: 'retryaction' })
  @IsInt()
  actionId: number;

  @Column('char', { length: 1, default: 'Y' })
  @IsIn(['Y', 'N'])
  active: string;

  /** A regular expression in Python's syntax; null matches any text. */
  @Column('varchar', { name: 'errordiag', nullable: true })
  @IsOptional()
  @MaxLength(256)
  errorDiag: string | null;

  @Column('varchar', { nullable: true })
  @IsOptional()
  @MaxLength(256)
  parameters: string | null;

  @Column('varchar', { nullable: true })
  @IsOptional()
  @MaxLength(250)
  description: string | null;

  @Column('timestamp', { name: 'expiration_date', nullable: true })
  @IsOptional()
  @IsDate()
  expires: Date | null;
}

/** RETRYACTIONS. Spec: Job Retry Module › Actions. */
@Entity({ schema: 'doma_panda', name: 'retryactions' })
export class RetryAction {
  @PrimaryColumn('bigint', { name: 'retryaction_id' })
  @Generated('increment')
  id: number;

  @Column('varchar', { name: 'retry_action' })
  @Length(1, 50)
  name: string;

  @Column('char', { length: 1, default: 'Y' })
  @IsIn(['Y', 'N'])
  active: string;

  @Column('varchar', { name: 'retry_description', nullable: true })
  @IsOptional()
  @MaxLength(250)
  description: string | null;
}
