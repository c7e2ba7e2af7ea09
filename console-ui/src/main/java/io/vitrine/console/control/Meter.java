package io.vitrine.console.control;

import javafx.scene.layout.Region;

/** A bar filled to a share, styled as {@code meter}. JavaFX thread only. */
public final class Meter extends Region {
  /** What the share means. */
  public enum State {
    FINE("fine"),
    RUNNING_OUT("running-out"),
    OVER("over");

    private final String style;

    State(String style) {
      this.style = style;
    }
  }

  private final Region fill = new Region();
  private double share;

  /** An empty meter. */
  public Meter() {
    getStyleClass().add("meter");
    fill.getStyleClass().add("meter-fill");
    getChildren().add(fill);
  }

  /**
   * Fills it.
   *
   * @param next between 0 and 1
   */
  public void show(double next, State state) {
    share = Math.max(0, Math.min(1, next));
    for (State each : State.values()) {
      getStyleClass().remove(each.style);
    }
    getStyleClass().add(state.style);
    requestLayout();
  }

  @Override
  protected void layoutChildren() {
    fill.resizeRelocate(0, 0, Math.round(getWidth() * share), getHeight());
  }
}
