package io.vitrine.console.metric;

import io.vitrine.console.text.Messages;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sheets as a table of comma-separated values (RFC 4180): a line a row, a column a line of a chart,
 * raw numbers, nothing where nothing is known; what happened since the row before stands in the
 * last column. Stateless.
 */
final class MetricFiles {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ISO_OFFSET_DATE_TIME;

  private MetricFiles() {}

  /**
   * Writes a file; not on the JavaFX thread.
   *
   * @param sheets of one stretch of time
   * @return how many rows there are
   */
  static int writeCsv(Path file, List<Sheet> sheets, ZoneId zone, Messages texts)
      throws IOException {
    int columns = sheets.stream().mapToInt(sheet -> sheet.lines().size()).sum() + 2;
    String[] head = new String[columns];
    head[0] = "time";
    head[columns - 1] = "events";
    Map<Long, String[]> rows = new TreeMap<>();
    int column = 1;
    for (Sheet sheet : sheets) {
      for (Map.Entry<SeriesKey, double[]> line : sheet.lines().entrySet()) {
        head[column] =
            sheet.chart().id() + "/" + id(line.getKey()) + " [" + unit(sheet.chart().unit()) + "]";
        fill(rows, sheet.stretch(), column++, line.getValue(), columns, zone);
      }
    }
    if (!sheets.isEmpty()) {
      events(rows, sheets.get(0).stretch(), columns - 1, texts);
    }
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      write(out, head);
      for (String[] row : rows.values()) {
        write(out, row);
      }
    }
    return rows.size();
  }

  private static void fill(
      Map<Long, String[]> rows,
      Stretch stretch,
      int column,
      double[] values,
      int columns,
      ZoneId zone) {
    for (int i = 0; i < values.length; i++) {
      long wallMs = stretch.wallMs()[i];
      String[] row =
          rows.computeIfAbsent(
              stretch.nanos()[i],
              nanos -> {
                String[] empty = new String[columns];
                Arrays.fill(empty, "");
                empty[0] = TIME.format(Instant.ofEpochMilli(wallMs).atZone(zone));
                return empty;
              });
      row[column] = Double.isNaN(values[i]) ? "" : number(values[i]);
    }
  }

  private static void events(
      Map<Long, String[]> rows, Stretch stretch, int column, Messages texts) {
    TreeMap<Long, String[]> ordered = new TreeMap<>(rows);
    for (EventMark mark : stretch.marks()) {
      Map.Entry<Long, String[]> row = ordered.ceilingEntry(mark.nanos());
      if (row != null) {
        String[] cells = row.getValue();
        cells[column] =
            (cells[column].isEmpty() ? "" : cells[column] + "; ") + MetricCard.said(mark, texts);
      }
    }
  }

  private static String id(SeriesKey key) {
    String quantity = key.quantity().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return key.isWhole() ? quantity : quantity + "/" + (key.isTogether() ? "together" : key.of());
  }

  private static String unit(Unit unit) {
    return switch (unit) {
      case BYTES -> "B";
      case BYTES_PER_SECOND -> "B/s";
      case COUNT, MEAN_COUNT -> "1";
      case PER_SECOND -> "1/s";
      case NANOS -> "ns";
      case SHARE -> "0..1";
    };
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private static void write(BufferedWriter out, String[] cells) throws IOException {
    for (int i = 0; i < cells.length; i++) {
      out.write(i == 0 ? "" : ",");
      boolean quoted = cells[i].chars().anyMatch(c -> c == ',' || c == '"' || c == '\n');
      out.write(quoted ? '"' + cells[i].replace("\"", "\"\"") + '"' : cells[i]);
    }
    out.write("\r\n");
  }
}
