package io.vitrine.cluster.wire;

import java.util.Locale;
import java.util.OptionalInt;

/**
 * Which exchanges are wanted.
 *
 * @param broker the broker that was asked; empty for all
 * @param api Kafka's name; empty for all
 * @param text part of the client's id, address or principal, or of an error's name, in any case;
 *     empty for all
 * @param failed whether only those with an error, or lost
 */
public record WireFilter(OptionalInt broker, String api, String text, boolean failed) {

  /** Everything. */
  public static WireFilter all() {
    return new WireFilter(OptionalInt.empty(), "", "", false);
  }

  /** Whether it is wanted. */
  public boolean lets(WireExchange exchange) {
    return (broker.isEmpty() || broker.getAsInt() == exchange.brokerId())
        && (api.isEmpty() || api.equals(exchange.api()))
        && (!failed || !exchange.errors().isEmpty() || exchange.state() == WireExchange.State.LOST)
        && holdsText(exchange);
  }

  private boolean holdsText(WireExchange exchange) {
    if (text.isBlank()) {
      return true;
    }
    String wanted = text.trim().toLowerCase(Locale.ROOT);
    return has(exchange.clientId(), wanted)
        || has(exchange.client(), wanted)
        || has(exchange.principal(), wanted)
        || exchange.errors().stream().anyMatch(error -> has(error, wanted));
  }

  private static boolean has(String value, String wanted) {
    return value.toLowerCase(Locale.ROOT).contains(wanted);
  }
}
