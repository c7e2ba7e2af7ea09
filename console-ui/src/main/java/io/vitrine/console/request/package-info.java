/**
 * The view of requests: a broker's pipeline, what waits in its purgatories, and the wire trace.
 *
 * <p>Door: {@link io.vitrine.console.request.RequestsView}. Everything belongs to the JavaFX
 * thread; what is shown is worked out by {@code RequestPage}, which needs no toolkit, and frames
 * are taken apart off the thread. May use the frame of the console and the cluster's door, never
 * another view.
 */
package io.vitrine.console.request;
