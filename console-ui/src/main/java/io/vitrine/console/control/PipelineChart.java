package io.vitrine.console.control;

import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.util.List;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Paint;
import javafx.scene.text.TextAlignment;

/**
 * A request's way through a broker, from left to right: connections, network threads, the request
 * queue, I/O threads, waiting rooms; and below the answers' way back. Every number is one that was
 * measured. JavaFX thread only.
 */
public final class PipelineChart extends Drawing {
  private static final double TOP = 30;
  private static final double WAY_BACK = 44;
  private static final double ROW = 30;
  private static final double GAP = 5;

  /** Rows as high as this hold a second line. */
  private static final double TWO_LINES = 38;

  private static final int MOST_NETWORK_THREADS = 6;
  private static final int MOST_WORKERS = 16;

  /** Where columns begin and end, as shares of the width. */
  private static final double[][] COLUMNS = {
    {0, 0.12}, {0.17, 0.385}, {0.435, 0.54}, {0.59, 0.79}, {0.84, 1}
  };

  /**
   * What is drawn; texts are in the screen's language.
   *
   * @param titles of the five columns
   * @param connections open ones
   * @param aside requests in front of a full queue
   * @param wayBack what is said of the answers' way back
   * @param rates what is said of the streams between columns, four of them, may be empty
   */
  public record Picture(
      List<String> titles,
      int connections,
      List<Network> network,
      int queueLength,
      int queueCapacity,
      int aside,
      String asideText,
      String idle,
      List<Worker> workers,
      List<Room> rooms,
      String wayBack,
      List<String> rates) {
    public Picture {
      titles = List.copyOf(titles);
      network = List.copyOf(network);
      workers = List.copyOf(workers);
      rooms = List.copyOf(rooms);
      rates = List.copyOf(rates);
    }
  }

  /** A network thread, with what it holds in words and the answers it has not taken up. */
  public record Network(String name, String holds, int responses) {}

  /**
   * An I/O thread.
   *
   * @param at what it serves, empty when it waits
   */
  public record Worker(String name, String at) {}

  /** A waiting room. */
  public record Room(String name, int waiting) {}

  private Picture picture;

  /** An empty chart. */
  public PipelineChart(Theme theme, String accessibleText) {
    super(theme);
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    setAccessibleText(accessibleText);
    setMinHeight(236);
    setPrefHeight(236);
    setMaxHeight(236);
  }

  /** Draws this from now on. */
  public void show(Picture next) {
    if (!next.equals(picture)) {
      picture = next;
      redraw();
    }
  }

  /**
   * The streams between the columns, to be laid over the chart.
   *
   * @param inPerSecond requests
   * @param waitPerSecond requests that had to wait in a room
   */
  public List<FlowMap.Flow> flows(double inPerSecond, double waitPerSecond) {
    double width = getWidth();
    double y = TOP + 20;
    double back = getHeight() - WAY_BACK + 16;
    return List.of(
        flow(width, 0, y, inPerSecond),
        flow(width, 1, y, inPerSecond),
        flow(width, 2, y, inPerSecond),
        flow(width, 3, y, waitPerSecond),
        new FlowMap.Flow(
            width * COLUMNS[3][0],
            back,
            width * COLUMNS[1][1],
            back,
            0,
            inPerSecond,
            Token.OK,
            false));
  }

  private static FlowMap.Flow flow(double width, int after, double y, double perSecond) {
    return new FlowMap.Flow(
        width * COLUMNS[after][1] + 4,
        y,
        width * COLUMNS[after + 1][0] - 4,
        y,
        0,
        perSecond,
        Token.ACCENT,
        false);
  }

  @Override
  void draw(GraphicsContext g, double width, double height) {
    if (picture == null) {
      return;
    }
    double bottom = height - WAY_BACK;
    for (int i = 0; i < COLUMNS.length && i < picture.titles().size(); i++) {
      text(g, picture.titles().get(i), width * COLUMNS[i][0], 8, 11.5, true, colour(Token.MUTED));
    }
    connections(g, width * COLUMNS[0][0], width * (COLUMNS[0][1] - COLUMNS[0][0]), bottom);
    network(g, width * COLUMNS[1][0], width * (COLUMNS[1][1] - COLUMNS[1][0]), bottom);
    queue(g, width * COLUMNS[2][0], width * (COLUMNS[2][1] - COLUMNS[2][0]), bottom);
    workers(g, width * COLUMNS[3][0], width * (COLUMNS[3][1] - COLUMNS[3][0]), bottom);
    rooms(g, width * COLUMNS[4][0], width * (COLUMNS[4][1] - COLUMNS[4][0]), bottom);
    for (int i = 0; i < picture.rates().size() && i < COLUMNS.length - 1; i++) {
      double middle = width * (COLUMNS[i][1] + COLUMNS[i + 1][0]) / 2;
      centred(g, picture.rates().get(i), middle, TOP - 7, 10.5, colour(Token.MUTED));
    }
    wayBack(g, width, height);
  }

  private void connections(GraphicsContext g, double x, double wide, double bottom) {
    box(g, x, TOP, wide, bottom - TOP, Token.SURFACE, Token.LINE);
    String count = Integer.toString(picture.connections());
    centred(g, count, x + wide / 2, (TOP + bottom) / 2, 24, colour(Token.TEXT));
  }

  private void network(GraphicsContext g, double x, double wide, double bottom) {
    int all = picture.network().size();
    int shown = Math.min(MOST_NETWORK_THREADS, all);
    double row = shown == 0 ? ROW : Math.min(ROW + 18, (bottom - TOP) / shown);
    for (int i = 0; i < shown; i++) {
      double y = TOP + i * row;
      double middle = y + (row - GAP) / 2;
      box(g, x, y, wide, row - GAP, Token.SURFACE, Token.LINE);
      if (i == shown - 1 && shown < all) {
        text(g, "+" + (all - shown + 1), x + 9, middle, 12, true, colour(Token.TEXT));
      } else {
        thread(g, picture.network().get(i), x, middle, wide, row >= TWO_LINES);
      }
    }
  }

  private void thread(
      GraphicsContext g, Network thread, double x, double y, double wide, boolean twoLines) {
    String name = fitting(thread.name(), wide - 18, 12);
    text(g, name, x + 9, twoLines ? y - 8 : y, 12, true, colour(Token.TEXT));
    if (twoLines) {
      String holds = fitting(thread.holds(), wide - 18, 11.5);
      text(g, holds, x + 9, y + 9, 11.5, false, colour(Token.MUTED));
    }
    waiting(g, thread.responses(), x, y);
  }

  /** Answers a thread has not taken up, as marks at its edge. */
  private void waiting(GraphicsContext g, int responses, double x, double y) {
    g.setFill(colour(Token.WARN));
    for (int i = 0; i < Math.min(5, responses); i++) {
      g.fillOval(x - 3, y - 9 + i * 4.5, 4, 4);
    }
  }

  private void queue(GraphicsContext g, double x, double wide, double bottom) {
    boolean full = picture.queueLength() >= picture.queueCapacity() && picture.queueCapacity() > 0;
    box(g, x, TOP, wide, bottom - TOP, Token.SUNKEN, full ? Token.BAD : Token.LINE);
    double share =
        picture.queueCapacity() == 0
            ? 0
            : Math.min(1, (double) picture.queueLength() / picture.queueCapacity());
    double filled = picture.queueLength() == 0 ? 0 : Math.max(3, (bottom - TOP - 4) * share);
    g.setFill(colour(full ? Token.BAD : Token.ACCENT));
    g.fillRoundRect(x + 2, bottom - 2 - filled, wide - 4, filled, 5, 5);
    double middle = (TOP + bottom) / 2;
    double plate = 46;
    g.setFill(colour(Token.SUNKEN));
    g.fillRoundRect(x + 6, middle - plate / 2, wide - 12, plate, 6, 6);
    String length = Integer.toString(picture.queueLength());
    centred(g, length, x + wide / 2, middle - 8, 20, colour(Token.TEXT));
    centred(
        g, "/ " + picture.queueCapacity(), x + wide / 2, middle + 13, 11.5, colour(Token.MUTED));
    if (picture.aside() > 0) {
      centred(g, picture.asideText(), x + wide / 2, TOP + 12, 11, colour(Token.BAD));
    }
  }

  private void workers(GraphicsContext g, double x, double wide, double bottom) {
    int shown = Math.min(MOST_WORKERS, picture.workers().size());
    int rows = Math.max(1, (shown + 1) / 2);
    double row = Math.min(ROW + 8, (bottom - TOP) / rows);
    double cell = wide / 2;
    for (int i = 0; i < shown; i++) {
      Worker worker = picture.workers().get(i);
      boolean last = i == shown - 1 && shown < picture.workers().size();
      double left = x + (i % 2) * cell;
      double y = TOP + i / 2 * row;
      boolean busy = !worker.at().isEmpty() && !last;
      box(
          g,
          left,
          y,
          cell - GAP,
          row - GAP,
          busy ? Token.ACCENT : Token.SURFACE,
          busy ? Token.ACCENT : Token.LINE);
      String said =
          last
              ? "+" + (picture.workers().size() - shown + 1)
              : busy ? worker.at() : worker.name() + "  " + picture.idle();
      text(
          g,
          fitting(said, cell - 17, 11.5),
          left + 7,
          y + (row - GAP) / 2,
          11.5,
          busy,
          colour(busy ? Token.ON_ACCENT : Token.MUTED));
    }
  }

  private void rooms(GraphicsContext g, double x, double wide, double bottom) {
    int count = Math.max(1, picture.rooms().size());
    double row = (bottom - TOP) / count;
    for (int i = 0; i < picture.rooms().size(); i++) {
      Room room = picture.rooms().get(i);
      double y = TOP + i * row;
      boolean held = room.waiting() > 0;
      box(g, x, y, wide, row - GAP, Token.SURFACE, held ? Token.ACCENT : Token.LINE);
      double middle = y + (row - GAP) / 2;
      text(
          g,
          fitting(room.name(), wide - 18, 11.5),
          x + 9,
          middle - 10,
          11.5,
          false,
          colour(Token.MUTED));
      text(
          g,
          Integer.toString(room.waiting()),
          x + 9,
          middle + 9,
          15,
          true,
          colour(held ? Token.TEXT : Token.IDLE));
    }
  }

  private void wayBack(GraphicsContext g, double width, double height) {
    double y = height - WAY_BACK + 16;
    double to = width * (COLUMNS[1][0] + COLUMNS[1][1]) / 2;
    double from = width * (COLUMNS[3][0] + COLUMNS[3][1]) / 2;
    double bottom = height - WAY_BACK - 3;
    g.setStroke(colour(Token.LINE));
    g.setLineWidth(1.4);
    g.strokePolyline(new double[] {from, from, to, to}, new double[] {bottom, y, y, bottom + 3}, 4);
    g.setFill(colour(Token.LINE));
    g.fillPolygon(
        new double[] {to - 4, to + 4, to}, new double[] {bottom + 6, bottom + 6, bottom}, 3);
    centred(g, picture.wayBack(), (from + to) / 2, y + 15, 11.5, colour(Token.MUTED));
  }

  private void box(
      GraphicsContext g, double x, double y, double wide, double high, Token fill, Token border) {
    g.setFill(colour(fill));
    g.fillRoundRect(x + 0.5, y + 0.5, wide - 1, high - 1, 8, 8);
    g.setStroke(colour(border));
    g.setLineWidth(1);
    g.strokeRoundRect(x + 0.5, y + 0.5, wide - 1, high - 1, 8, 8);
  }

  private String fitting(String said, double wide, double size) {
    String shown = said;
    while (shown.length() > 3 && widthOf(shown, size, false) > wide) {
      shown = shown.substring(0, shown.length() - 2) + "…";
    }
    return shown;
  }

  private void centred(GraphicsContext g, String said, double x, double y, double size, Paint p) {
    g.setTextAlign(TextAlignment.CENTER);
    text(g, said, x, y, size, true, p);
    g.setTextAlign(TextAlignment.LEFT);
  }
}
