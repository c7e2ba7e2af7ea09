/**
 * Operations that wait until something they watch changes or their time is up.
 *
 * <p>The door is {@link io.vitrine.cluster.purgatory.Purgatory}; an operation extends {@link
 * io.vitrine.cluster.purgatory.DelayedOperation}. All purgatories of a broker share one {@link
 * io.vitrine.cluster.purgatory.WheelTimer} and its thread. Knows no Kafka type and uses nothing
 * else of this module.
 */
package io.vitrine.cluster.purgatory;
