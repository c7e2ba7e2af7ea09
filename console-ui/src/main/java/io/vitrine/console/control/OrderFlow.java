package io.vitrine.console.control;

import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.util.List;
import java.util.Objects;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;

/**
 * A queue, the one thread that works it off, and the receivers it gives orders to; open orders are
 * squares on the way. JavaFX thread only; a table says the same beside it.
 */
public final class OrderFlow extends Drawing {
  private static final double MARGIN = 2;
  private static final double LEAST_HEIGHT = 88;
  private static final double GAP = 34;
  private static final double TOKEN = 9;
  private static final double TOKEN_STEP = 13;
  private static final int TOKENS_DRAWN = 12;

  /** How many receivers there is room for. */
  public static final int RECEIVERS_DRAWN = 6;

  private static final double ROW = 24;

  /**
   * What is drawn.
   *
   * @param queueTitle above the queue
   * @param waiting how many wait in it
   * @param queueNote below it
   * @param threadTitle above the thread
   * @param work what it is at
   * @param busy whether it is at anything
   * @param threadNote below it
   * @param receivers those it gives orders to
   * @param more what stands for receivers there is no room for
   */
  public record Content(
      String queueTitle,
      int waiting,
      String queueNote,
      String threadTitle,
      String work,
      boolean busy,
      String threadNote,
      List<Receiver> receivers,
      String more) {
    public Content {
      receivers = List.copyOf(receivers);
    }
  }

  /**
   * One who gets orders.
   *
   * @param open orders it has not answered
   * @param wrong whether it refused any
   * @param gone whether it gets none now
   */
  public record Receiver(String name, long open, String note, boolean wrong, boolean gone) {}

  private Content content;

  /** An empty picture. */
  public OrderFlow(Theme theme, String accessibleText) {
    super(theme);
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    setAccessibleText(accessibleText);
    setMinHeight(LEAST_HEIGHT);
    setPrefHeight(LEAST_HEIGHT);
  }

  /** Draws this, when it is another than before. */
  public void show(Content next) {
    if (!Objects.equals(content, next)) {
      content = next;
      int rows = Math.min(RECEIVERS_DRAWN + 1, next.receivers().size());
      setPrefHeight(Math.max(LEAST_HEIGHT, rows * ROW));
      setMinHeight(getPrefHeight());
      redraw();
    }
  }

  @Override
  void draw(GraphicsContext g, double width, double height) {
    if (content == null) {
      return;
    }
    double queueWidth = Math.max(150, width * 0.25);
    double threadWidth = Math.max(170, width * 0.27);
    double threadX = MARGIN + queueWidth + GAP;
    double receiversX = threadX + threadWidth + GAP + 26;
    double middle = height / 2;
    queue(g, queueWidth, middle);
    arrow(g, MARGIN + queueWidth + 4, threadX - 4, middle, content.waiting() > 0);
    thread(g, threadX, threadWidth, middle);
    receivers(g, threadX + threadWidth, receiversX, width - MARGIN, height);
  }

  private void queue(GraphicsContext g, double width, double middle) {
    text(g, content.queueTitle(), MARGIN, middle - 34, 12, true, colour(Token.TEXT));
    box(g, MARGIN, middle - 20, width, 40, colour(Token.SUNKEN), colour(Token.LINE));
    double right = MARGIN + width - 10;
    int drawn =
        (int) Math.min(TOKENS_DRAWN, Math.min(content.waiting(), (width - 60) / TOKEN_STEP));
    g.setFill(colour(Token.ACCENT));
    for (int i = 0; i < drawn; i++) {
      g.fillRoundRect(right - TOKEN - i * TOKEN_STEP, middle - TOKEN / 2, TOKEN, TOKEN, 3, 3);
    }
    String count = Integer.toString(content.waiting());
    text(
        g,
        count,
        MARGIN + 10,
        middle,
        15,
        true,
        colour(content.waiting() == 0 ? Token.MUTED : Token.TEXT));
    text(g, content.queueNote(), MARGIN, middle + 34, 11.5, false, colour(Token.MUTED));
  }

  private void thread(GraphicsContext g, double x, double width, double middle) {
    text(g, content.threadTitle(), x, middle - 34, 12, true, colour(Token.TEXT));
    box(
        g,
        x,
        middle - 20,
        width,
        40,
        colour(content.busy() ? Token.ACCENT : Token.SURFACE),
        colour(content.busy() ? Token.ACCENT : Token.LINE));
    text(
        g,
        fitting(content.work(), width - 20),
        x + 10,
        middle,
        13,
        true,
        colour(content.busy() ? Token.ON_ACCENT : Token.MUTED));
    text(g, content.threadNote(), x, middle + 34, 11.5, false, colour(Token.MUTED));
  }

  private void receivers(GraphicsContext g, double from, double x, double right, double height) {
    List<Receiver> all = content.receivers();
    int drawn = all.size() > RECEIVERS_DRAWN ? RECEIVERS_DRAWN : all.size();
    int rows = drawn + (all.size() > drawn ? 1 : 0);
    double top = (height - rows * ROW) / 2 + ROW / 2;
    for (int i = 0; i < drawn; i++) {
      receiver(g, all.get(i), from, x, right, top + i * ROW, height / 2);
    }
    if (rows > drawn) {
      text(g, content.more(), x, top + drawn * ROW, 11.5, false, colour(Token.MUTED));
    }
  }

  private void receiver(
      GraphicsContext g,
      Receiver receiver,
      double from,
      double x,
      double right,
      double y,
      double middle) {
    Color line = colour(receiver.gone() ? Token.IDLE : receiver.wrong() ? Token.BAD : Token.LINE);
    g.setStroke(line);
    g.setLineWidth(receiver.wrong() ? 2 : 1.4);
    g.setLineDashes(receiver.gone() ? new double[] {3, 4} : new double[0]);
    double bend = from + GAP / 2;
    g.beginPath();
    g.moveTo(from + 4, middle);
    g.bezierCurveTo(bend, middle, bend, y, x - 26, y);
    g.lineTo(x - 6, y);
    g.stroke();
    g.setLineDashes();
    g.setFill(colour(Token.WARN));
    for (int i = 0; i < Math.min(2, receiver.open()); i++) {
      g.fillRoundRect(x - 8 - TOKEN - i * TOKEN_STEP, y - TOKEN / 2, TOKEN, TOKEN, 3, 3);
    }
    Color ink = colour(receiver.gone() ? Token.IDLE : Token.TEXT);
    text(g, receiver.name(), x, y, 12.5, true, ink);
    double after = x + widthOf(receiver.name(), 12.5, true) + 10;
    text(
        g,
        fitting(receiver.note(), right - after),
        after,
        y,
        11.5,
        false,
        colour(receiver.wrong() ? Token.BAD : Token.MUTED));
  }

  private void arrow(GraphicsContext g, double from, double to, double y, boolean flows) {
    g.setStroke(colour(flows ? Token.ACCENT : Token.LINE));
    g.setFill(colour(flows ? Token.ACCENT : Token.LINE));
    g.setLineWidth(1.6);
    g.strokeLine(from, y, to - 5, y);
    g.fillPolygon(new double[] {to, to - 7, to - 7}, new double[] {y, y - 4, y + 4}, 3);
  }

  private void box(
      GraphicsContext g, double x, double y, double width, double height, Color fill, Color line) {
    g.setFill(fill);
    g.fillRoundRect(x, y, width, height, 12, 12);
    g.setStroke(line);
    g.setLineWidth(1);
    g.strokeRoundRect(x + 0.5, y + 0.5, width - 1, height - 1, 12, 12);
  }

  /** As much of it as there is room for. */
  private String fitting(String text, double width) {
    if (widthOf(text, 12.5, true) <= width) {
      return text;
    }
    String part = text;
    while (!part.isEmpty() && widthOf(part + "…", 12.5, true) > width) {
      part = part.substring(0, part.length() - 1);
    }
    return part + "…";
  }
}
