/** Which offset each leader epoch began at, and the file that keeps it. Uses {@code checkpoint}. */
package io.vitrine.storage.epoch;
