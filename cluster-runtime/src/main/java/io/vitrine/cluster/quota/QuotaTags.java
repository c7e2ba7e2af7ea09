package io.vitrine.cluster.quota;

import java.util.Map;

/** Who shares one measured rate: the clients that have these tags. */
interface QuotaTags {
  /** As tags of a metric. */
  Map<String, String> asMap();

  /** What the rate's sensor is called after. */
  String suffix();
}
