package io.vitrine.protocol.server;

import io.vitrine.protocol.security.ListenerSecurity;

/**
 * A listener to be served.
 *
 * @param security what it asks of those who connect; stays its maker's to close
 */
public record ServedListener(ServerSettings settings, ListenerSecurity security) {}
