package io.vitrine.console.control;

import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.util.List;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.GraphicsContext;

/** The files of a log as blocks to scale, with its epochs above. JavaFX thread only. */
public final class SegmentStrip extends Drawing {
  /** One segment file. */
  public record Block(long baseOffset, long nextOffset, String label, boolean active) {}

  private List<Block> blocks = List.of();
  private List<LaneChart.Epoch> epochs = List.of();

  /** An empty strip. */
  public SegmentStrip(Theme theme, String accessibleText) {
    super(theme);
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    setAccessibleText(accessibleText);
    setMinHeight(50);
    setPrefHeight(50);
    setMaxHeight(50);
  }

  /** Draws these, oldest first. */
  public void show(List<Block> nextBlocks, List<LaneChart.Epoch> nextEpochs) {
    if (!blocks.equals(nextBlocks) || !epochs.equals(nextEpochs)) {
      blocks = List.copyOf(nextBlocks);
      epochs = List.copyOf(nextEpochs);
      redraw();
    }
  }

  @Override
  void draw(GraphicsContext g, double width, double height) {
    if (blocks.isEmpty()) {
      return;
    }
    long low = blocks.get(0).baseOffset();
    long high = Math.max(low + 1, blocks.get(blocks.size() - 1).nextOffset());
    double scale = width / (high - low);
    for (LaneChart.Epoch epoch : epochs) {
      double from = Math.max(0, (epoch.startOffset() - low) * scale);
      double to = Math.min(width, (epoch.endOffset() - low) * scale);
      if (to > from) {
        g.setFill(theme().epoch(epoch.epoch()));
        g.fillRect(from, 0, Math.max(1, to - from - 1), 14);
        String label = Integer.toString(epoch.epoch());
        if (to - from > 14) {
          text(g, label, from + 5, 7, 10.5, true, colour(Token.SURFACE));
        }
      }
    }
    for (Block block : blocks) {
      double from = (block.baseOffset() - low) * scale;
      double to = (block.nextOffset() - low) * scale;
      double wide = Math.max(2, to - from - 2);
      g.setFill(colour(Token.SUNKEN));
      g.fillRoundRect(from, 20, wide, 28, 5, 5);
      g.setStroke(colour(block.active() ? Token.ACCENT : Token.LINE));
      g.setLineWidth(block.active() ? 1.5 : 1);
      g.strokeRoundRect(from + 0.75, 20.75, Math.max(1, wide - 1.5), 26.5, 5, 5);
      if (widthOf(block.label(), 11, false) + 12 < wide) {
        text(g, block.label(), from + 7, 34.5, 11, false, colour(Token.TEXT));
      }
    }
  }
}
