package io.vitrine.cluster.compat;

/**
 * One line of the table.
 *
 * @param who the client or tool
 * @param version of it
 * @param what it did
 * @param outcome how it ended
 * @param remark why, when it is not ok
 */
record Row(String who, String version, String what, Outcome outcome, String remark) {
  private static final int LONGEST_REMARK = 200;

  /** How a check ended. */
  enum Outcome {
    OK("ok"),
    FAILED("FAILED"),
    /** Not tried: something is not on this machine. */
    MISSING("not here");

    private final String word;

    Outcome(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  Row {
    String line = remark.replaceAll("\\s+", " ").strip();
    remark = line.length() > LONGEST_REMARK ? line.substring(0, LONGEST_REMARK) + "…" : line;
  }

  static Row ok(String who, String version, String what, String remark) {
    return new Row(who, version, what, Outcome.OK, remark);
  }

  static Row failed(String who, String version, String what, String why) {
    return new Row(who, version, what, Outcome.FAILED, why);
  }

  static Row missing(String who, String version, String why) {
    return new Row(who, version, "", Outcome.MISSING, why);
  }

  @Override
  public String toString() {
    return String.format("%-28s %-7s %-8s %s%s", who, version, outcome, what, tail());
  }

  private String tail() {
    if (remark.isEmpty()) {
      return "";
    }
    return what.isEmpty() ? remark : ": " + remark;
  }
}
