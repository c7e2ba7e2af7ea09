package io.vitrine.cluster.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class BrokerLoggersTest {
  private static final Logger LOGGER = LoggerFactory.getLogger("loggers.of.this.test");

  private final BrokerLoggers loggers = new BrokerLoggers(1);

  @AfterEach
  void giveBack() {
    change(OpType.DELETE, LOGGER.getName(), null);
  }

  @Test
  void levelsAreSetAndGivenBack() {
    assertThat(loggers.levels()).containsKey("root");
    String before = loggers.levels().get(LOGGER.getName());

    change(OpType.SET, LOGGER.getName(), "TRACE");
    assertThat(LOGGER.isTraceEnabled()).isTrue();
    assertThat(loggers.levels()).containsEntry(LOGGER.getName(), "TRACE");
    change(OpType.SET, LOGGER.getName(), "FATAL");
    assertThat(loggers.levels()).containsEntry(LOGGER.getName(), "ERROR");
    change(OpType.DELETE, LOGGER.getName(), null);
    assertThat(loggers.levels()).containsEntry(LOGGER.getName(), before);
  }

  @Test
  void checkingChangesNothing() {
    loggers.change("1", List.of(config(OpType.SET, LOGGER.getName(), "TRACE")), true);
    assertThat(LOGGER.isTraceEnabled()).isFalse();
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> change(OpType.SET, "no.such.logger", "INFO"))
        .isInstanceOf(InvalidConfigurationException.class);
    assertThatThrownBy(() -> change(OpType.SET, "root", "LOUD"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("DEBUG, ERROR, FATAL, INFO, TRACE, WARN");
    assertThatThrownBy(() -> change(OpType.DELETE, "root", null))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> change(OpType.APPEND, "root", "INFO"))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> loggers.change("2", List.of(), false))
        .isInstanceOf(InvalidRequestException.class);
  }

  private void change(OpType operation, String logger, String level) {
    loggers.change("1", List.of(config(operation, logger, level)), false);
  }

  private static AlterableConfig config(OpType operation, String logger, String level) {
    return new AlterableConfig().setName(logger).setConfigOperation(operation.id()).setValue(level);
  }
}
