/**
 * State that lives in an internal topic: whoever leads a partition of it coordinates the groups or
 * transactions that hash to it.
 *
 * <p>The door is {@link io.vitrine.cluster.coordinator.CoordinatorRuntime}; what is kept implements
 * {@link io.vitrine.cluster.coordinator.CoordinatorState}. Partitions are loaded and unloaded one
 * after another on {@code broker-<id>-<what>-loader}; where appends end is the coordinator's
 * choice. May use {@code replica}, {@code config} and {@code storage.log}.
 */
package io.vitrine.cluster.coordinator;
