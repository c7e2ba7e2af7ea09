package io.vitrine.console.control;

import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.util.Locale;
import java.util.function.IntConsumer;
import javafx.geometry.Orientation;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.ScrollBar;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.text.TextAlignment;

/**
 * Bytes in hex and as ASCII, sixteen a line, with one stretch marked. Draws the lines in sight
 * only, however many there are; arrow keys and a click move a cursor. JavaFX thread only.
 */
public final class ByteView extends BorderPane {
  private static final int BYTES_A_LINE = 16;
  private static final double LINE = 19;
  private static final double OFFSET_WIDTH = 52;

  private final Lines lines;
  private final ScrollBar bar = new ScrollBar();
  private final IntConsumer chosen;
  private byte[] bytes = {};
  private int markFrom;
  private int markTo;
  private int cursor;

  /**
   * An empty view.
   *
   * @param chosen hears the offset of the byte the operator points at
   */
  public ByteView(Theme theme, String id, String accessibleText, IntConsumer chosen) {
    this.chosen = chosen;
    this.lines = new Lines(theme);
    setId(id);
    setAccessibleRole(AccessibleRole.TEXT_AREA);
    setAccessibleText(accessibleText);
    setFocusTraversable(true);
    getStyleClass().add("byte-view");
    bar.setOrientation(Orientation.VERTICAL);
    bar.setFocusTraversable(false);
    bar.valueProperty().addListener((o, before, after) -> lines.redraw());
    lines.heightProperty().addListener((o, before, after) -> measure());
    lines.widthProperty().addListener((o, before, after) -> lines.redraw());
    setCenter(lines);
    setRight(bar);
    setMinHeight(4 * LINE);
    addEventHandler(ScrollEvent.SCROLL, e -> scroll(-Math.signum(e.getDeltaY()) * 3));
    lines.addEventHandler(MouseEvent.MOUSE_PRESSED, this::press);
    addEventHandler(KeyEvent.KEY_PRESSED, this::key);
    focusedProperty().addListener((o, before, after) -> lines.redraw());
    measure();
  }

  /** Shows these bytes, not to be changed by anybody, with nothing marked. */
  public void show(byte[] next) {
    if (bytes != next) {
      bytes = next;
      markFrom = 0;
      markTo = 0;
      cursor = 0;
      bar.setValue(0);
      measure();
      lines.redraw();
    }
  }

  /** Marks a stretch, and brings its beginning into sight with the cursor on it. */
  public void mark(int from, int length) {
    cursor = Math.max(0, Math.min(from, bytes.length - 1));
    bringIntoSight(from / BYTES_A_LINE);
    highlight(from, length);
  }

  /** Marks a stretch and leaves the cursor and what is in sight alone. */
  public void highlight(int from, int length) {
    markFrom = from;
    markTo = from + length;
    lines.redraw();
  }

  private void measure() {
    int all = (bytes.length + BYTES_A_LINE - 1) / BYTES_A_LINE;
    double seen = Math.max(1, Math.floor(lines.getHeight() / LINE));
    bar.setMax(Math.max(0, all - seen));
    bar.setVisibleAmount(bar.getMax() == 0 ? 1 : seen * bar.getMax() / all);
    bar.setBlockIncrement(seen);
    bar.setVisible(all > seen);
    lines.redraw();
  }

  private void scroll(double by) {
    bar.setValue(Math.max(0, Math.min(bar.getMax(), bar.getValue() + by)));
  }

  private void bringIntoSight(int line) {
    double seen = Math.max(1, Math.floor(lines.getHeight() / LINE));
    if (line < bar.getValue() || line >= Math.floor(bar.getValue()) + seen) {
      bar.setValue(Math.max(0, Math.min(bar.getMax(), line - 1)));
    }
  }

  private void press(MouseEvent event) {
    requestFocus();
    int line = (int) (Math.floor(bar.getValue()) + Math.floor(event.getY() / LINE));
    int column = lines.column(event.getX());
    if (column >= 0) {
      point(line * BYTES_A_LINE + column);
    }
  }

  private void key(KeyEvent event) {
    int by =
        switch (event.getCode()) {
          case LEFT -> -1;
          case RIGHT -> 1;
          case UP -> -BYTES_A_LINE;
          case DOWN -> BYTES_A_LINE;
          default -> 0;
        };
    if (by != 0) {
      point(cursor + by);
      event.consume();
    }
  }

  private void point(int offset) {
    if (offset >= 0 && offset < bytes.length) {
      cursor = offset;
      bringIntoSight(offset / BYTES_A_LINE);
      chosen.accept(offset);
      lines.redraw();
    }
  }

  /** The lines in sight. */
  private final class Lines extends Drawing {
    Lines(Theme theme) {
      super(theme);
    }

    private double hexWidth() {
      return Math.max(15, Math.min(24, (getWidth() - OFFSET_WIDTH - 14) / BYTES_A_LINE * 0.68));
    }

    private double asciiStart() {
      return OFFSET_WIDTH + BYTES_A_LINE * hexWidth() + 12;
    }

    private double asciiWidth() {
      return Math.max(6.5, Math.min(10, (getWidth() - asciiStart()) / BYTES_A_LINE));
    }

    /** The byte of a line at this place, -1 at none. */
    private int column(double x) {
      double column =
          x >= asciiStart() ? (x - asciiStart()) / asciiWidth() : (x - OFFSET_WIDTH) / hexWidth();
      return x < OFFSET_WIDTH || column >= BYTES_A_LINE ? -1 : (int) column;
    }

    @Override
    void draw(GraphicsContext g, double width, double height) {
      int first = (int) Math.floor(bar.getValue());
      int count = (int) Math.ceil(height / LINE);
      for (int i = 0; i < count; i++) {
        int start = (first + i) * BYTES_A_LINE;
        if (start >= bytes.length) {
          return;
        }
        line(g, start, i * LINE + LINE / 2);
      }
    }

    private void line(GraphicsContext g, int start, double y) {
      text(g, String.format(Locale.ROOT, "%06x", start), 4, y, 11, false, colour(Token.MUTED));
      double hex = hexWidth();
      double ascii = asciiWidth();
      g.setTextAlign(TextAlignment.CENTER);
      for (int i = 0; i < BYTES_A_LINE && start + i < bytes.length; i++) {
        int offset = start + i;
        double x = OFFSET_WIDTH + i * hex;
        double asciiX = asciiStart() + i * ascii;
        boolean marked = offset >= markFrom && offset < markTo;
        if (marked) {
          g.setFill(colour(Token.ACCENT));
          g.fillRect(x, y - LINE / 2 + 1, hex, LINE - 2);
          g.fillRect(asciiX, y - LINE / 2 + 1, ascii, LINE - 2);
        }
        if (offset == cursor && ByteView.this.isFocused()) {
          g.setStroke(colour(Token.WARN));
          g.setLineWidth(1.5);
          g.strokeRect(x + 1, y - LINE / 2 + 1.5, hex - 2, LINE - 3);
        }
        byte value = bytes[offset];
        Token ink = marked ? Token.ON_ACCENT : value == 0 ? Token.IDLE : Token.TEXT;
        text(
            g, String.format(Locale.ROOT, "%02x", value), x + hex / 2, y, 11.5, false, colour(ink));
        String letter = value >= ' ' && value <= '~' ? String.valueOf((char) value) : "·";
        text(g, letter, asciiX + ascii / 2, y, 11.5, false, colour(ink));
      }
      g.setTextAlign(TextAlignment.LEFT);
    }
  }
}
