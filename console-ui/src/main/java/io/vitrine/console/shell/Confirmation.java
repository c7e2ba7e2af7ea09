package io.vitrine.console.shell;

import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.CommandEffects;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a sheet asks before a command is carried out. Needs no toolkit.
 *
 * @param title the question
 * @param effects what the command does to the cluster as it stands, the worst first
 * @param action what the button says
 * @param typed the name that has to be typed first, empty when none
 * @param dangerous whether clients notice or data go
 */
record Confirmation(
    String title, List<String> effects, String action, Optional<String> typed, boolean dangerous) {

  /** What has to be asked for this command; empty when nothing. */
  static Optional<Confirmation> of(
      ClusterCommand command, CommandEffects effects, Messages texts, Quantities quantities) {
    if (command.danger() == ClusterCommand.Danger.REVERSIBLE) {
      return Optional.empty();
    }
    boolean harmless =
        command instanceof ClusterCommand.RestartBroker
            || command instanceof ClusterCommand.TendLogs;
    if (harmless && effects.none()) {
      return Optional.empty();
    }
    return Optional.of(
        new Confirmation(
            title(command, texts),
            lines(command, effects, texts, quantities),
            action(command, texts),
            command instanceof ClusterCommand.DeleteTopic c
                ? Optional.of(c.name())
                : command instanceof ClusterCommand.SetTopicConfig c && effects.recordsLost() > 0
                    ? Optional.of(c.topic())
                    : Optional.empty(),
            true));
  }

  private static String title(ClusterCommand command, Messages texts) {
    if (command instanceof ClusterCommand.KillBroker c) {
      return texts.get("confirm-kill", Integer.toString(c.brokerId()));
    }
    if (command instanceof ClusterCommand.StopBroker c) {
      return texts.get("confirm-stop", Integer.toString(c.brokerId()));
    }
    if (command instanceof ClusterCommand.StopCluster) {
      return texts.get("confirm-cluster");
    }
    if (command instanceof ClusterCommand.RestartBroker c) {
      return texts.get("confirm-restart", Integer.toString(c.brokerId()));
    }
    if (command instanceof ClusterCommand.DeleteTopic c) {
      return texts.get("confirm-delete", c.name());
    }
    if (command instanceof ClusterCommand.SetTopicConfig c) {
      return texts.get("confirm-setting", c.topic(), c.key());
    }
    if (command instanceof ClusterCommand.ElectController) {
      return texts.get("confirm-controller");
    }
    if (command instanceof ClusterCommand.StopZooKeeperMember c) {
      return texts.get("confirm-server", Integer.toString(c.member()));
    }
    if (command instanceof ClusterCommand.TendLogs) {
      return texts.get("confirm-tend");
    }
    return texts.get("confirm-zookeeper");
  }

  private static String action(ClusterCommand command, Messages texts) {
    if (command instanceof ClusterCommand.KillBroker) {
      return texts.get("do-kill");
    }
    if (command instanceof ClusterCommand.RestartBroker) {
      return texts.get("do-restart");
    }
    if (command instanceof ClusterCommand.DeleteTopic) {
      return texts.get("do-delete");
    }
    if (command instanceof ClusterCommand.SetTopicConfig) {
      return texts.get("do-change");
    }
    if (command instanceof ClusterCommand.ElectController) {
      return texts.get("do-elect");
    }
    if (command instanceof ClusterCommand.TendLogs) {
      return texts.get("do-tend");
    }
    return texts.get("do-stop");
  }

  private static List<String> lines(
      ClusterCommand command, CommandEffects effects, Messages texts, Quantities quantities) {
    List<String> lines = new ArrayList<>();
    if (effects.recordsLost() > 0 || effects.bytesLost() > 0) {
      lines.add(
          texts.get(
              "effect-records",
              quantities.count(effects.recordsLost()),
              quantities.bytes(effects.bytesLost())));
    }
    if (command instanceof ClusterCommand.StopCluster) {
      lines.add(texts.get("effect-cluster", effects.offline()));
    } else if (effects.offline() > 0) {
      lines.add(texts.get("effect-offline", effects.offline()));
    }
    if (effects.leadersLost() > 0) {
      lines.add(
          texts.get(
              "effect-leaderless",
              effects.leadersLost(),
              quantities.millis(effects.leaderlessMs())));
    }
    if (effects.leadersMoved() > 0) {
      lines.add(texts.get("effect-moved", effects.leadersMoved()));
    }
    if (effects.belowMinIsr() > 0) {
      lines.add(texts.get("effect-min-isr", effects.belowMinIsr()));
    }
    if (effects.controllerMoves()) {
      lines.add(texts.get("effect-controller"));
    }
    if (command instanceof ClusterCommand.ElectController) {
      lines.add(texts.get("effect-election"));
    }
    if (command instanceof ClusterCommand.StopZooKeeperMember) {
      lines.add(texts.get("effect-server"));
    }
    if (command instanceof ClusterCommand.StopZooKeeper) {
      lines.add(texts.get("effect-zookeeper"));
    }
    if (command instanceof ClusterCommand.KillBroker) {
      lines.add(texts.get("effect-kill"));
    }
    if (lines.isEmpty()) {
      lines.add(texts.get("effect-none"));
    }
    return List.copyOf(lines);
  }
}
