/**
 * What the operator changed, as command lines that can be copied.
 *
 * <p>{@link io.vitrine.console.audit.AuditView} is the door; it reads an {@link
 * io.vitrine.console.audit.AuditTrail} off the JavaFX thread and shows it on it. Uses {@code
 * control}, {@code live}, {@code text}.
 */
package io.vitrine.console.audit;
