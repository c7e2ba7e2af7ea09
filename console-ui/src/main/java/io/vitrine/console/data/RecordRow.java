package io.vitrine.console.data;

import io.vitrine.cluster.data.DataRecord;
import io.vitrine.cluster.data.RecordTexts;
import io.vitrine.cluster.data.RecordTexts.Text;
import java.util.regex.Pattern;

/**
 * A record as a line of a table; its texts are cut to what a line can hold.
 *
 * @param order counts the rows in the order they came
 */
record RecordRow(DataRecord record, long order, Text key, Text value) {
  private static final int KEY_LETTERS = 120;
  private static final int VALUE_LETTERS = 400;
  private static final Pattern SPACE = Pattern.compile("\\s+");

  /** Decodes a record; costs as much as it is long, so not on the JavaFX thread. */
  static RecordRow of(DataRecord record, long order, RecordTexts texts) {
    return new RecordRow(
        record,
        order,
        cut(texts.key(record), KEY_LETTERS),
        cut(texts.value(record), VALUE_LETTERS));
  }

  /** The same record in other encodings. */
  RecordRow in(RecordTexts texts) {
    return of(record, order, texts);
  }

  private static Text cut(Text text, int letters) {
    String all = text.text();
    String some = all.length() <= letters ? all : all.substring(0, letters) + "…";
    return new Text(SPACE.matcher(some).replaceAll(" "), text.kind());
  }
}
