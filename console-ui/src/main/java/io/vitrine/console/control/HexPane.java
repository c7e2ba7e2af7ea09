package io.vitrine.console.control;

import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.util.List;
import java.util.function.LongConsumer;
import javafx.geometry.Orientation;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.ScrollBar;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.paint.Color;
import javafx.scene.text.TextAlignment;

/**
 * The bytes of a file of any size, of which only the rows on the screen are ever asked for.
 *
 * <p>A click or the arrow keys choose a byte. JavaFX thread only.
 */
public final class HexPane extends HBox {
  private static final double ROW = 18;
  private static final double LEFT = 84;
  private static final double CELL = 21;
  private static final double LETTER = 9;
  private static final double GAP = 10;

  private static final String[] HEX = new String[256];

  static {
    for (int i = 0; i < HEX.length; i++) {
      HEX[i] = String.format("%02x", i);
    }
  }

  /** Where bytes come from. */
  public interface Source {
    /**
     * The byte there, between 0 and 255; -1 when it is not at hand yet. Who returns -1 calls {@link
     * HexPane#refresh} when it is.
     */
    int at(long position);
  }

  /**
   * A stretch of bytes that belong together.
   *
   * @param heading whether it describes what follows it
   * @param odd so that neighbours differ
   */
  public record Band(long from, long to, boolean heading, boolean odd) {}

  private final Bytes bytes;
  private final ScrollBar bar = new ScrollBar();
  private final LongConsumer chosen;
  private LongConsumer hovered = p -> {};
  private Source source = p -> -1;
  private List<Band> bands = List.of();
  private long size;
  private long from = -1;
  private long to = -1;
  private long frameFrom = -1;
  private long frameTo = -1;
  private long damage = -1;
  private long caret;
  private long top;

  /**
   * An empty pane.
   *
   * @param chosen hears of the byte the operator chooses
   */
  public HexPane(Theme theme, String accessibleText, LongConsumer chosen) {
    this.chosen = chosen;
    this.bytes = new Bytes(theme);
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.TEXT_AREA);
    setAccessibleText(accessibleText);
    getStyleClass().add("hex");
    bar.setOrientation(Orientation.VERTICAL);
    bar.setMin(0);
    bar.valueProperty()
        .addListener(
            (o, before, value) -> {
              top = Math.round(value.doubleValue());
              bytes.redraw();
            });
    HBox.setHgrow(bytes, Priority.ALWAYS);
    getChildren().addAll(bytes, bar);
    addEventHandler(KeyEvent.KEY_PRESSED, this::key);
    bytes.addEventHandler(MouseEvent.MOUSE_PRESSED, this::pressed);
    bytes.addEventHandler(MouseEvent.MOUSE_MOVED, e -> hovered.accept(byteAt(e)));
    bytes.addEventHandler(MouseEvent.MOUSE_EXITED, e -> hovered.accept(-1));
    addEventHandler(
        ScrollEvent.SCROLL,
        e -> {
          scrollTo(top - Math.round(e.getDeltaY() / ROW));
          e.consume();
        });
    focusedProperty().addListener((o, before, now) -> bytes.redraw());
  }

  /** Who hears which byte the pointer is over, -1 none. */
  public void onHover(LongConsumer listener) {
    hovered = listener;
  }

  /** Shows a file from its first byte. */
  public void show(Source next, long sizeBytes) {
    source = next;
    size = sizeBytes;
    caret = 0;
    top = 0;
    from = -1;
    to = -1;
    frameFrom = -1;
    frameTo = -1;
    damage = -1;
    bands = List.of();
    limits();
    bar.setValue(0);
    bytes.redraw();
  }

  /** The file has this many bytes by now. */
  public void grow(long sizeBytes) {
    if (size != sizeBytes) {
      size = sizeBytes;
      limits();
      bytes.redraw();
    }
  }

  /** What belongs together, in the order of the file. */
  public void bands(List<Band> next) {
    bands = List.copyOf(next);
    bytes.redraw();
  }

  /** Marks the chosen stretch and brings its beginning into view. */
  public void choose(long first, long end) {
    from = first;
    to = end;
    caret = Math.max(0, first);
    if (first >= 0) {
      reveal(first);
    }
    bytes.redraw();
  }

  /** Frames a stretch; -1 none. */
  public void frame(long first, long end) {
    if (frameFrom != first || frameTo != end) {
      frameFrom = first;
      frameTo = end;
      bytes.redraw();
    }
  }

  /** Marks the byte where something is wrong; -1 none. */
  public void damage(long position) {
    damage = position;
    bytes.redraw();
  }

  /** Bytes that were not at hand may be now. */
  public void refresh() {
    bytes.redraw();
  }

  // ---- moving ----------------------------------------------------------------------------------

  private void reveal(long position) {
    long row = position / columns();
    if (row < top || row >= top + rows() - 1) {
      scrollTo(row - Math.max(1, rows() / 4));
    }
  }

  private void scrollTo(long row) {
    bar.setValue(Math.max(0, Math.min(bar.getMax(), row)));
  }

  private void limits() {
    long all = (size + columns() - 1) / columns();
    bar.setMax(Math.max(0, all - rows()));
    bar.setVisibleAmount(Math.max(bar.getMax() / 12, Math.min(rows(), bar.getMax())));
    bar.setUnitIncrement(1);
    bar.setBlockIncrement(rows());
  }

  private int columns() {
    return bytes.getWidth() >= LEFT + 16 * (CELL + LETTER) + 3 * GAP ? 16 : 8;
  }

  private int rows() {
    return (int) Math.max(1, bytes.getHeight() / ROW);
  }

  private void key(KeyEvent event) {
    long page = (long) rows() * columns();
    long next =
        switch (event.getCode()) {
          case LEFT -> caret - 1;
          case RIGHT -> caret + 1;
          case UP -> caret - columns();
          case DOWN -> caret + columns();
          case PAGE_UP -> caret - page;
          case PAGE_DOWN -> caret + page;
          case HOME -> 0;
          case END -> size - 1;
          default -> -2;
        };
    if (next == -2 || event.isShortcutDown() || event.isAltDown()) {
      return;
    }
    event.consume();
    pick(Math.max(0, Math.min(size - 1, next)));
  }

  private void pressed(MouseEvent event) {
    requestFocus();
    long position = byteAt(event);
    if (position >= 0) {
      pick(position);
    }
  }

  private void pick(long position) {
    if (position >= 0 && position < size) {
      caret = position;
      chosen.accept(position);
      // Whoever chose may have marked more than this byte; the caret stays where it is.
      caret = position;
      reveal(position);
      bytes.redraw();
    }
  }

  private long byteAt(MouseEvent event) {
    int columns = columns();
    double letters = LEFT + columns * CELL + 2 * GAP;
    double x = event.getX();
    int column =
        x >= letters
            ? (int) ((x - letters) / LETTER)
            : (int) ((x - LEFT - (x > LEFT + 8 * CELL ? GAP : 0)) / CELL);
    long position = (top + (long) (event.getY() / ROW)) * columns + column;
    return x < LEFT || column < 0 || column >= columns || position >= size ? -1 : position;
  }

  /** The drawing. */
  private final class Bytes extends Drawing {
    Bytes(Theme theme) {
      super(theme);
      setMinSize(LEFT + 8 * (CELL + LETTER) + 3 * GAP, 80);
    }

    @Override
    void draw(GraphicsContext g, double width, double height) {
      limits();
      int columns = columns();
      double letters = LEFT + columns * CELL + 2 * GAP;
      Color muted = colour(Token.MUTED);
      Color text = colour(Token.TEXT);
      for (int row = 0; row * ROW < height; row++) {
        long first = (top + row) * columns;
        if (first >= size) {
          break;
        }
        double y = row * ROW + ROW / 2;
        text(g, String.format("%08x", first), 8, y, 12, false, muted);
        for (int column = 0; column < columns && first + column < size; column++) {
          cell(g, first + column, x(column), letters + column * LETTER, y, text);
        }
      }
      if (isFocusWithin() || HexPane.this.isFocused()) {
        g.setStroke(colour(Token.ACCENT));
        g.setLineWidth(1.5);
        g.strokeRect(0.75, 0.75, width - 1.5, height - 1.5);
      }
    }

    private double x(int column) {
      return LEFT + column * CELL + (column >= 8 ? GAP : 0);
    }

    private void cell(
        GraphicsContext g, long position, double x, double letter, double y, Color paint) {
      boolean inside = position >= from && position < to;
      Color back = inside ? colour(Token.ACCENT) : shade(position);
      if (back != null) {
        g.setFill(back);
        g.fillRect(x - 2, y - ROW / 2, CELL, ROW);
        g.fillRect(letter, y - ROW / 2, LETTER, ROW);
      }
      if (damage >= 0 && position >= damage && position < damage + 4) {
        g.setStroke(colour(Token.BAD));
        g.setLineWidth(2);
        g.strokeRect(x - 1, y - ROW / 2 + 1, CELL - 3, ROW - 2);
      } else if (position >= frameFrom && position < frameTo) {
        g.setStroke(colour(Token.ACCENT));
        g.setLineWidth(1);
        g.strokeLine(x - 2, y + ROW / 2 - 1.5, x + CELL - 2, y + ROW / 2 - 1.5);
        g.strokeLine(x - 2, y - ROW / 2 + 0.5, x + CELL - 2, y - ROW / 2 + 0.5);
      }
      int value = source.at(position);
      Color ink = inside ? colour(Token.ON_ACCENT) : value == 0 ? colour(Token.MUTED) : paint;
      if (value >= 0) {
        text(g, HEX[value], x + 1, y, 12, false, ink);
        g.setTextAlign(TextAlignment.CENTER);
        text(g, letter(value), letter + LETTER / 2, y, 12, false, ink);
        g.setTextAlign(TextAlignment.LEFT);
      }
      if (position == caret && !inside && from >= 0) {
        g.setStroke(paint);
        g.setLineWidth(1);
        g.strokeRect(x - 1.5, y - ROW / 2 + 0.5, CELL - 2, ROW - 2);
      }
    }

    private Color shade(long position) {
      int low = 0;
      int high = bands.size() - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        Band band = bands.get(middle);
        if (position < band.from()) {
          high = middle - 1;
        } else if (position >= band.to()) {
          low = middle + 1;
        } else if (band.heading()) {
          return colour(Token.ACCENT).deriveColor(0, 1, 1, 0.22);
        } else {
          return band.odd() ? colour(Token.SUNKEN) : null;
        }
      }
      return null;
    }

    private static String letter(int value) {
      return value >= 0x20 && value < 0x7f ? Character.toString((char) value) : "·";
    }
  }
}
