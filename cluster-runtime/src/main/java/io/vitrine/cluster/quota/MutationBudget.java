package io.vitrine.cluster.quota;

import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;

/** What one request may still ask of the controller. Used by one thread after another. */
public interface MutationBudget {
  /** No limit. */
  MutationBudget UNBOUNDED =
      new MutationBudget() {
        @Override
        public void spend(int partitions) {}

        @Override
        public int throttleMs() {
          return 0;
        }
      };

  /**
   * Takes that many partitions off.
   *
   * @throws ThrottlingQuotaExceededException when the budget is overdrawn already and the client
   *     knows this error: nothing was taken off
   */
  void spend(int partitions);

  /** For how long the client is to be held back as of now. */
  int throttleMs();
}
