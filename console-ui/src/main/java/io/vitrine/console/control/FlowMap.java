package io.vitrine.console.control;

import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.util.List;
import javafx.animation.AnimationTimer;
import javafx.scene.canvas.GraphicsContext;

/**
 * Streams between places, as curves with points moving along them.
 *
 * <p>A point moves at the same speed everywhere; the more points, the higher the rate. The points
 * stand still when motion is switched off, the map is not on a screen, or nothing flows. JavaFX
 * thread only.
 */
public final class FlowMap extends Drawing {
  private static final double SPEED = 70;
  private static final long FRAME_NANOS = 50_000_000;

  /**
   * One stream from left or top to right or bottom.
   *
   * @param perSecond rate, 0 draws a still line
   * @param bend how far the curve hangs below its ends in pixels, 0 for a line from top to bottom
   */
  public record Flow(
      double fromX,
      double fromY,
      double toX,
      double toY,
      double bend,
      double perSecond,
      Token token,
      boolean dashed) {}

  private final boolean motion;
  private final AnimationTimer timer =
      new AnimationTimer() {
        private long last;

        @Override
        public void handle(long now) {
          if (now - last >= FRAME_NANOS) {
            phase += last == 0 ? 0 : Math.min(0.2, (now - last) / 1e9) * SPEED;
            last = now;
            redraw();
          }
        }
      };
  private List<Flow> flows = List.of();
  private double phase;
  private boolean running;
  private boolean frozen;

  /**
   * An empty map.
   *
   * @param motion whether points may move
   */
  public FlowMap(Theme theme, boolean motion) {
    super(theme);
    this.motion = motion;
    setMouseTransparent(true);
    sceneProperty().addListener((o, before, after) -> run());
  }

  /**
   * Draws these streams from now on.
   *
   * @param still whether points stand still, because the screen is paused
   */
  public void show(List<Flow> next, boolean still) {
    boolean changed = !flows.equals(next);
    flows = List.copyOf(next);
    frozen = still;
    run();
    if (changed && !running) {
      redraw();
    }
  }

  private void run() {
    boolean should =
        motion && !frozen && getScene() != null && flows.stream().anyMatch(f -> f.perSecond() > 0);
    if (should != running) {
      running = should;
      if (should) {
        timer.start();
      } else {
        timer.stop();
      }
    }
  }

  @Override
  void draw(GraphicsContext g, double width, double height) {
    for (Flow flow : flows) {
      flow(g, flow);
    }
  }

  private void flow(GraphicsContext g, Flow flow) {
    double c1x = flow.fromX();
    double c2x = flow.toX();
    double c1y;
    double c2y;
    if (flow.bend() > 0) {
      c1y = flow.fromY() + flow.bend();
      c2y = flow.toY() + flow.bend();
    } else {
      c1y = flow.fromY() + (flow.toY() - flow.fromY()) * 0.6;
      c2y = flow.toY() - (flow.toY() - flow.fromY()) * 0.6;
    }
    g.setStroke(colour(flow.token()).deriveColor(0, 1, 1, flow.dashed() ? 0.9 : 0.45));
    g.setLineWidth(flow.perSecond() > 0 ? 1.6 : 1.2);
    if (flow.dashed()) {
      g.setLineDashes(4, 4);
    }
    g.beginPath();
    g.moveTo(flow.fromX(), flow.fromY());
    g.bezierCurveTo(c1x, c1y, c2x, c2y, flow.toX(), flow.toY());
    g.stroke();
    g.setLineDashes();
    if (flow.perSecond() <= 0) {
      return;
    }
    double length = Math.hypot(flow.toX() - flow.fromX(), flow.toY() - flow.fromY()) + flow.bend();
    double gap = Math.max(9, 90 / (1 + Math.log10(1 + flow.perSecond()) * 2.2));
    int points = (int) Math.max(1, Math.floor(length / gap));
    g.setFill(colour(flow.token()));
    for (int i = 0; i < points; i++) {
      double t = ((i * gap + phase) % (points * gap)) / (points * gap);
      double s = 1 - t;
      double x =
          s * s * s * flow.fromX()
              + 3 * s * s * t * c1x
              + 3 * s * t * t * c2x
              + t * t * t * flow.toX();
      double y =
          s * s * s * flow.fromY()
              + 3 * s * s * t * c1y
              + 3 * s * t * t * c2y
              + t * t * t * flow.toY();
      g.fillOval(x - 2.2, y - 2.2, 4.4, 4.4);
    }
  }
}
