package io.vitrine.console.metric;

/** What is recorded. Times are means in nanoseconds, rates are a second's. */
enum Quantity {
  // Of a broker.
  BYTES_IN,
  BYTES_OUT,
  RECORDS_IN,
  REQUESTS,
  CONNECTIONS,
  PRODUCE_RATE,
  PRODUCE_TOTAL,
  PRODUCE_QUEUE,
  PRODUCE_LOCAL,
  PRODUCE_REMOTE,
  PRODUCE_RESPONSE_QUEUE,
  PRODUCE_SEND,
  FETCH_RATE,
  FETCH_TOTAL,
  FETCH_QUEUE,
  FETCH_LOCAL,
  FETCH_REMOTE,
  FETCH_RESPONSE_QUEUE,
  FETCH_SEND,
  REQUEST_QUEUE,
  IO_BUSY,
  LEADERS,
  LOG_BYTES,
  // Of the cluster.
  UNDER_REPLICATED,
  UNDER_MIN_ISR,
  OFFLINE,
  ISR_SHRINKS,
  ISR_EXPANDS,
  // Of a group.
  LAG,
  // Of the process.
  HEAP_USED,
  HEAP_COMMITTED,
  DIRECT_BYTES,
  PROCESSORS,
  COLLECTION,
  THREADS
}
