/**
 * The seam to the file system: every byte of a log directory goes through {@link
 * io.vitrine.storage.file.FileAccess}, so that tests and the fault screen can fail, tear or slow
 * it. Uses nothing else; safe from any thread.
 */
package io.vitrine.storage.file;
