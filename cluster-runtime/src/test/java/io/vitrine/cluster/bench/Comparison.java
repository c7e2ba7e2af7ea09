package io.vitrine.cluster.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Figures of both systems, run by run, and the table of their medians. Owned by one benchmark's
 * thread.
 */
final class Comparison {
  /** Whose figure it is. */
  enum Brand {
    KAFKA("Apache Kafka 3.9.2"),
    VITRINE("Vitrine");

    private final String title;

    Brand(String title) {
      this.title = title;
    }

    @Override
    public String toString() {
      return title;
    }
  }

  private final Map<String, Map<Brand, List<Double>>> rows = new LinkedHashMap<>();

  void add(Brand brand, String row, double figure) {
    rows.computeIfAbsent(row, name -> new LinkedHashMap<>())
        .computeIfAbsent(brand, key -> new ArrayList<>())
        .add(figure);
    System.out.printf("%-20s %-52s %12.1f%n", brand, row, figure);
  }

  /** Medians, their ratio, and the range each lies in. */
  void print() {
    System.out.printf(
        "%n%-52s %22s %22s %10s%n", "median (least-most)", "Kafka 3.9.2", "Vitrine", "V/K");
    rows.forEach(
        (name, figures) -> {
          List<Double> kafka = figures.get(Brand.KAFKA).stream().sorted().toList();
          List<Double> vitrine = figures.get(Brand.VITRINE).stream().sorted().toList();
          System.out.printf(
              "%-52s %22s %22s %10.2f%n",
              name, range(kafka), range(vitrine), median(vitrine) / median(kafka));
        });
  }

  private static String range(List<Double> sorted) {
    return String.format(
        "%.1f (%.1f-%.1f)", median(sorted), sorted.get(0), sorted.get(sorted.size() - 1));
  }

  private static double median(List<Double> sorted) {
    return sorted.get(sorted.size() / 2);
  }
}
