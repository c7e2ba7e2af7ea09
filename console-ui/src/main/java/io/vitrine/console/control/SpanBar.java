package io.vitrine.console.control;

import javafx.scene.layout.Region;

/** A stretch of a longer time, styled as {@code span}. JavaFX thread only. */
public final class SpanBar extends Region {
  private static final double HEIGHT = 8;
  private static final double LEAST_WIDTH = 3;

  /** What is said by its colour. */
  public enum State {
    NOW("now"),
    PAST("past");

    private final String style;

    State(String style) {
      this.style = style;
    }
  }

  private final Region fill = new Region();
  private double from;
  private double to;

  /** An empty one. */
  public SpanBar() {
    getStyleClass().add("span");
    fill.getStyleClass().add("span-fill");
    getChildren().add(fill);
    setMinWidth(24);
    setPrefHeight(HEIGHT);
    setMaxHeight(HEIGHT);
  }

  /**
   * Shows a stretch.
   *
   * @param start between 0 and 1
   * @param end likewise, not before the start
   */
  public void show(double start, double end, State state) {
    from = Math.max(0, Math.min(1, start));
    to = Math.max(from, Math.min(1, end));
    fill.getStyleClass().setAll("span-fill", "span-" + state.style);
    requestLayout();
  }

  @Override
  protected void layoutChildren() {
    double width = Math.max(LEAST_WIDTH, Math.round(getWidth() * (to - from)));
    double x = Math.min(Math.round(getWidth() * from), Math.max(0, getWidth() - width));
    fill.resizeRelocate(x, 0, width, getHeight());
  }
}
