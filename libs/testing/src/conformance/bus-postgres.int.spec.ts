import { deliveryConformance } from './delivery.conformance.js';
import { failureConformance } from './failure.conformance.js';
import { interruptionConformance } from './interruption.conformance.js';

deliveryConformance('postgres');
failureConformance('postgres');
interruptionConformance('postgres');
