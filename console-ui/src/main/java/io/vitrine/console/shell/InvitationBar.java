package io.vitrine.console.shell;

import io.vitrine.console.live.Frame;
import io.vitrine.console.text.Messages;
import java.util.Locale;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** The invitation as a strip above the view, its steps ticking as they happen. */
final class InvitationBar extends HBox {
  private final Invitation invitation;
  private final Messages texts;
  private final Label title = new Label();
  private final Label[] steps = new Label[Invitation.Step.values().length];
  private final Button skip = new Button();
  private int shownDone = -1;
  private int shownBroker = -2;

  InvitationBar(Messages texts, Invitation invitation, Runnable onSkip) {
    this.invitation = invitation;
    this.texts = texts;
    getStyleClass().add("invitation");
    setId("invitation");
    title.getStyleClass().add("strong");
    FlowPane row = new FlowPane(16, 2);
    for (int i = 0; i < steps.length; i++) {
      steps[i] = new Label();
      steps[i].setId("step-" + i);
      row.getChildren().add(steps[i]);
    }
    VBox words = new VBox(3, title, row);
    HBox.setHgrow(words, Priority.ALWAYS);
    skip.setId("invitation-skip");
    skip.getStyleClass().add("compact");
    skip.setMinWidth(Region.USE_PREF_SIZE);
    skip.setOnAction(e -> onSkip.run());
    getChildren().addAll(words, skip);
    setMinHeight(USE_PREF_SIZE);
  }

  void show(Frame frame) {
    invitation.apply(frame);
    boolean there = frame.snapshot().partitions().containsKey(Invitation.PARTITION);
    setVisible(there);
    setManaged(there);
    int broker = invitation.broker(frame);
    if (shownDone == invitation.done() && shownBroker == broker) {
      return;
    }
    shownDone = invitation.done();
    shownBroker = broker;
    title.setText(
        texts.get(
            invitation.complete() ? "invitation-complete" : "invitation-title",
            Invitation.PARTITION.toString(),
            Integer.toString(broker)));
    skip.setText(texts.get(invitation.complete() ? "invitation-close" : "invitation-skip"));
    for (Invitation.Step step : Invitation.Step.values()) {
      Label label = steps[step.ordinal()];
      boolean done = step.ordinal() < invitation.done();
      boolean next = step.ordinal() == invitation.done();
      String words =
          texts.get(
              "invitation-" + step.name().toLowerCase(Locale.ROOT).replace('_', '-'),
              Integer.toString(broker));
      label.setText((done ? "✓ " : next ? "→ " : "○ ") + words);
      label.getStyleClass().setAll("label", done ? "step-done" : next ? "step-next" : "step-later");
    }
  }
}
