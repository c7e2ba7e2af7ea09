package io.vitrine.console.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OffsetWindowTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "0, 7, 7",
    "0, 120, 118",
    "0, 522, 292",
    "100, 100000, 99990",
    "0, 9000000000, 1",
    "5000, 5000, 5000"
  })
  void everyMarkIsInside(long first, long end, long watermark) {
    OffsetWindow window = OffsetWindow.around(first, LongStream.of(end, watermark));

    assertThat(window.low()).isGreaterThanOrEqualTo(0).isLessThan(window.high());
    assertThat(window.high()).isGreaterThan(end);
    assertThat(window.first()).isLessThanOrEqualTo(window.low());
    if (watermark >= first) {
      assertThat(watermark).isGreaterThanOrEqualTo(window.low());
    }
  }

  @Test
  void unknownOffsetsAreLeftOut() {
    assertThat(OffsetWindow.around(0, LongStream.of(-1, 500)))
        .isEqualTo(OffsetWindow.around(0, LongStream.of(500)));
  }

  @Test
  void theRightEndMovesInSteps() {
    OffsetWindow before = OffsetWindow.around(0, LongStream.of(1000));
    OffsetWindow after = OffsetWindow.around(0, LongStream.of(1001));

    assertThat(after).isEqualTo(before);
  }

  @Test
  void whatIsOutsideIsAtTheEnds() {
    OffsetWindow window = new OffsetWindow(100, 200, 0);

    assertThat(window.at(50)).isZero();
    assertThat(window.at(150)).isEqualTo(0.5);
    assertThat(window.at(500)).isEqualTo(1);
  }
}
