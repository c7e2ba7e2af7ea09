/**
 * A read-only view of a log directory, of Vitrine or of a real Kafka, running or not, damaged or
 * whole: {@link io.vitrine.storage.inspect.Inspection} is the door. Nothing is locked, created or
 * changed, and no segment is read into memory as a whole. Files may grow or vanish meanwhile; what
 * is gone is left out. Safe from any thread. Uses {@code log} and {@code checkpoint}.
 */
package io.vitrine.storage.inspect;
