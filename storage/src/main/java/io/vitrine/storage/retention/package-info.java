/** Which segments may go: a pure choice over {@code log}'s descriptions. */
package io.vitrine.storage.retention;
