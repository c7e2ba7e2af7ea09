/**
 * Fuzzing of whatever reads bytes others have made: frames, requests, SASL, record batches, files
 * of a log, znodes, records of the coordinators, settings.
 *
 * <p>Door: the script {@code fuzz}, which runs {@link io.vitrine.cluster.fuzz.FuzzDriver} under
 * Jazzer, target by target. What was found worth keeping lies in {@code fuzz/<target>.seeds} of the
 * test resources, and {@link io.vitrine.cluster.fuzz.FuzzSeedsTest} runs it in every build without
 * Jazzer. A target that needs what only its package sees lives in that package.
 */
package io.vitrine.cluster.fuzz;
