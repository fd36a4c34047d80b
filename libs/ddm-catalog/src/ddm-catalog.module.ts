import { Module } from '@nestjs/common';
import { DdmRepository } from '@panda/database';
import { CatalogDdm } from './catalog-ddm.js';

/** Token under which services ask for the DDM port, whichever implementation the installation uses. */
export const DDM = Symbol('Ddm');

/** The built-in catalogue as the installation's DDM. `Database` comes from the global database module. */
@Module({
  providers: [DdmRepository, CatalogDdm, { provide: DDM, useExisting: CatalogDdm }],
  exports: [DdmRepository, CatalogDdm, DDM],
})
export class DdmCatalogModule {}
