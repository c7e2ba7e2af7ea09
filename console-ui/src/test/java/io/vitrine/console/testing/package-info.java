/**
 * A cluster that tells a fixed story and remembers what it was asked, and a console on it without a
 * display.
 */
package io.vitrine.console.testing;
