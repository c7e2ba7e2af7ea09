/** Seams for tests: a clock and a scheduler that move by hand. Published as a test jar. */
package io.vitrine.storage.testing;
