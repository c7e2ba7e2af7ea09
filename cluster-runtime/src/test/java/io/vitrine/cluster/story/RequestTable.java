package io.vitrine.cluster.story;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Requests in the order they are sent, each in every version the API is served in. One that cannot
 * be said in a version is left out there.
 */
final class RequestTable {
  private final List<Row> rows = new ArrayList<>();

  /** Makes the request of a row, or throws UnsupportedVersionException; called once a version. */
  @FunctionalInterface
  interface Body {
    /**
     * @param asked whom: knows the cluster's topic ids and what was answered before
     */
    ApiMessage in(AskedCluster asked, short version);
  }

  /** One request and which broker gets it. */
  record Row(String name, ApiKeys api, int broker, Body body) {}

  /** Adds a request to broker 1. */
  RequestTable ask(String name, ApiKeys api, Body body) {
    return ask(1, name, api, body);
  }

  RequestTable ask(int broker, String name, ApiKeys api, Body body) {
    rows.add(new Row(name, api, broker, body));
    return this;
  }

  /** The rows for this broker alone. */
  RequestTable atBroker(int broker) {
    RequestTable table = new RequestTable();
    rows.stream().filter(row -> row.broker() == broker).forEach(table.rows::add);
    return table;
  }

  List<Row> rows() {
    return rows;
  }
}
