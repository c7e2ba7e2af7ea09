package io.vitrine.console.control;

import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.util.List;
import javafx.scene.canvas.GraphicsContext;

/** All replicas of a partition as thin bars on one ruler. JavaFX thread only. */
public final class MiniRuler extends Drawing {
  /** One replica; offsets are -1 when unknown. */
  public record Bar(long logEndOffset, long highWatermark, boolean leads, boolean inSync) {}

  private OffsetWindow window = new OffsetWindow(0, 40, 0);
  private List<Bar> bars = List.of();

  /** An empty ruler. */
  public MiniRuler(Theme theme) {
    super(theme);
    setMinSize(60, 24);
    setPrefSize(150, 24);
  }

  /** Draws these bars from now on. */
  public void show(OffsetWindow next, List<Bar> nextBars) {
    window = next;
    bars = List.copyOf(nextBars);
    redraw();
  }

  @Override
  void draw(GraphicsContext g, double width, double height) {
    if (bars.isEmpty()) {
      return;
    }
    double pitch = Math.min(7, height / bars.size());
    double thick = Math.max(3, pitch - 2);
    double y = (height - pitch * bars.size()) / 2 + (pitch - thick) / 2;
    for (Bar bar : bars) {
      g.setFill(colour(Token.SUNKEN));
      g.fillRect(0, y, width, thick);
      if (bar.logEndOffset() < 0) {
        hatch(g, 0, y, width, thick, colour(Token.IDLE));
      } else {
        double hw = width * window.at(Math.max(0, bar.highWatermark()));
        double end = width * window.at(bar.logEndOffset());
        g.setFill(colour(bar.inSync() ? Token.COMMITTED : Token.IDLE));
        g.fillRect(0, y, hw, thick);
        g.setFill(colour(Token.UNCOMMITTED));
        g.fillRect(hw, y, Math.max(0, end - hw), thick);
        g.setFill(colour(bar.leads() ? Token.TEXT : Token.MUTED));
        g.fillRect(Math.max(0, end - 2), y - 0.5, 2, thick + 1);
      }
      y += pitch;
    }
  }
}
