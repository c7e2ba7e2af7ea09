package io.vitrine.cluster.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tables as text with aligned columns, or as one JSON object with an array for each. */
final class Tables {
  private static final String GAP = "  ";

  private final PrintWriter out;
  private final boolean json;
  private final Map<String, Table> tables = new LinkedHashMap<>();

  Tables(PrintWriter out, boolean json) {
    this.out = out;
    this.json = json;
  }

  /** One table. */
  static final class Table {
    private final List<Map<String, Object>> rows = new ArrayList<>();

    /** Column names and values in turn. */
    void row(Object... cells) {
      Map<String, Object> row = new LinkedHashMap<>();
      for (int i = 0; i < cells.length; i += 2) {
        row.put(cells[i].toString(), cells[i + 1]);
      }
      rows.add(row);
    }
  }

  Table table(String title) {
    return tables.computeIfAbsent(title, key -> new Table());
  }

  /** Prints all of them. */
  void end() {
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      tables.forEach((title, table) -> all.put(title, table.rows));
      try {
        out.println(
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(all));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("text and numbers can be written as JSON", e);
      }
    } else {
      tables.forEach(this::print);
    }
    out.flush();
  }

  private void print(String title, Table table) {
    out.println(title + (table.rows.isEmpty() ? ": none" : ""));
    if (!table.rows.isEmpty()) {
      Map<String, Integer> widths = new LinkedHashMap<>();
      for (Map<String, Object> row : table.rows) {
        row.forEach(
            (name, value) ->
                widths.merge(name, Math.max(name.length(), text(value).length()), Math::max));
      }
      StringBuilder head = new StringBuilder();
      widths.forEach((name, width) -> cell(head, name, width, false));
      out.println(head.toString().stripTrailing());
      for (Map<String, Object> row : table.rows) {
        StringBuilder line = new StringBuilder();
        widths.forEach(
            (name, width) ->
                cell(line, text(row.get(name)), width, row.get(name) instanceof Number));
        out.println(line.toString().stripTrailing());
      }
    }
    out.println();
  }

  private static String text(Object value) {
    return value == null ? "" : value.toString();
  }

  private static void cell(StringBuilder line, String text, int width, boolean right) {
    String padding = " ".repeat(Math.max(0, width - text.length()));
    line.append(GAP).append(right ? padding + text : text + padding);
  }
}
