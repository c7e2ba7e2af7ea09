package io.vitrine.console.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantitiesTest {
  private final Quantities english = new Quantities(Locale.ENGLISH);
  private final Quantities korean = new Quantities(Locale.KOREAN);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0 µs",
        "412000|412 µs",
        "999499|999 µs",
        "999500|1.0 ms",
        "3140000|3.1 ms",
        "140000000|140 ms",
        "1500000000|1.5 s"
      })
  void shortTimesAreReadable(double nanos, String text) {
    assertThat(english.nanos(nanos)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "604800000|7 days|7일",
        "86400000|1 day|1일",
        "3600000|1 hour|1시간",
        "7200000|2 hours|2시간",
        "60000|1 minute|1분",
        "1500|1.5 s|1.5 s",
        "-1|unlimited|무제한",
        "0|0 ms|0 ms"
      })
  void spansAreReadable(long ms, String inEnglish, String inKorean) {
    assertThat(english.span(ms)).isEqualTo(inEnglish);
    assertThat(korean.span(ms)).isEqualTo(inKorean);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0 B",
        "999|999 B",
        "1024|1.00 KiB",
        "10240|10.0 KiB",
        "262144|256 KiB",
        "1048576|1.00 MiB",
        "1099511627776|1.00 TiB",
        "-1|–"
      })
  void sizesHaveThreeDigitsThatCount(long bytes, String text) {
    assertThat(english.bytes(bytes)).isEqualTo(text);
  }

  @Test
  void shortTimesAreExact() {
    assertThat(english.millis(84)).isEqualTo("84 ms");
    assertThat(english.millis(18_084)).isEqualTo("18.1 s");
    assertThat(english.millis(200_000)).isEqualTo("3:20 min");
  }
}
