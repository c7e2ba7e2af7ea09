/**
 * All logs of one broker. The door is {@link io.vitrine.storage.LogManager}: it opens and recovers
 * every log of every log directory, runs retention, flush and checkpoints, and closes them.
 */
package io.vitrine.storage;
