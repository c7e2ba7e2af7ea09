/**
 * Bytes to messages and back: frames out of a stream ({@link
 * io.vitrine.protocol.codec.FrameDecoder}), requests out of frames ({@link
 * io.vitrine.protocol.codec.RequestParser}), messages into buffers and file regions ({@link
 * io.vitrine.protocol.codec.MessageEncoder}, {@link io.vitrine.protocol.codec.FileSlice}); and the
 * sockets both ends stand on ({@link io.vitrine.protocol.codec.Transport}).
 *
 * <p>Threads: a decoder belongs to its channel's event loop; everything else is stateless. The
 * layout of messages is that of kafka-clients' generated classes; what travels around them is ours.
 * May use {@code api}, Netty and kafka-clients.
 */
package io.vitrine.protocol.codec;
