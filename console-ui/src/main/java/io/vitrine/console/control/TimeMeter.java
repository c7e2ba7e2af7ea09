package io.vitrine.console.control;

import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;

/** A time that passes: a bar and the time in words. JavaFX thread only. */
public final class TimeMeter extends HBox {
  private final Meter meter = new Meter();
  private final Label label = new Label();

  /** An empty one. */
  public TimeMeter() {
    super(8);
    setAlignment(Pos.CENTER_LEFT);
    meter.setPrefWidth(56);
    meter.setMinWidth(24);
    HBox.setHgrow(meter, Priority.ALWAYS);
    label.getStyleClass().add("small");
    label.setMinWidth(USE_PREF_SIZE);
    getChildren().addAll(meter, label);
  }

  /**
   * @param share how full the bar is, 0 to 1; negative shows none
   * @param alarming whether the time runs out
   */
  public void show(double share, boolean alarming, String text) {
    meter.setVisible(share >= 0);
    meter.show(share, alarming ? Meter.State.RUNNING_OUT : Meter.State.FINE);
    label.setText(text);
  }
}
